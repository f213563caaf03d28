package dev.jebena.llm.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.DataType;
import dev.jebena.llm.GoldenModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenLogitsTest {
    @TempDir static Path folder;

    static List<String> decoders() {
        return GoldenModel.names("llama", "qwen2-", "gemma3");
    }

    static List<String> encoders() {
        return GoldenModel.names("bert");
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void logprobsAreThoseOfLlamaCpp(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        assertThat(largestDifference(model, DataType.F32)).isLessThan(model.tolerance());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-F32", "llama3-Q4_0", "qwen2-F32", "gemma3-F32"})
    void halfPrecisionCacheChangesLittle(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        assertThat(largestDifference(model, DataType.F16)).isLessThan(2e-2f + model.tolerance());
    }

    /// The first step computes the prompt at once, the others one token each from the cache.
    private static float largestDifference(GoldenModel model, DataType kvType) {
        float largest = 0;
        try (LoadedGraph graph = new LoadedGraph(model.file(), kvType)) {
            List<int[]> sequences = model.sequences();
            for (int i = 0; i < sequences.size(); i++) {
                int[] tokens = sequences.get(i);
                int computed = 0;
                for (GoldenModel.Step step : GoldenModel.steps(model.expected().get(i))) {
                    float[] logprobs = graph.logprobs(tokens, computed, tokens.length);
                    for (int k = 0; k < step.topIds().length; k++) {
                        float difference = logprobs[step.topIds()[k]] - step.topLogprobs()[k];
                        largest = Math.max(largest, Math.abs(difference));
                    }
                    computed = tokens.length;
                    tokens = Arrays.copyOf(tokens, tokens.length + 1);
                    tokens[computed] = step.topIds()[0];
                }
            }
        }
        return largest;
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void pooledVectorsAreThoseOfLlamaCpp(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        try (LoadedGraph graph = new LoadedGraph(model.file(), DataType.F32)) {
            List<int[]> sequences = model.sequences();
            for (int i = 0; i < sequences.size(); i++) {
                Map<String, @Nullable Object> expected = model.expected().get(i);
                for (Pooling pooling : List.of(Pooling.MEAN, Pooling.CLS)) {
                    float[] vector = graph.pooled(sequences.get(i), pooling);
                    String key = pooling == Pooling.MEAN ? "mean" : "cls";
                    assertThat(vector)
                            .as("%s of sequence %d", key, i)
                            .containsExactly(GoldenModel.floats(expected.get(key)), within(5e-3f));
                }
            }
        }
    }
}
