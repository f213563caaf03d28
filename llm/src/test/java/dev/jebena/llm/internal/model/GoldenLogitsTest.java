package dev.jebena.llm.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.GoldenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenLogitsTest {
    @TempDir static Path folder;

    static List<String> decoders() {
        return GoldenModel.decoders();
    }

    static List<String> encoders() {
        return GoldenModel.names("bert", "nomic-bert");
    }

    /// All kernels that this machine has, and the reference of those that round activations.
    static Stream<Arguments> decodersAndKernels() {
        return decoders().stream().flatMap(name -> kernels().map(each -> Arguments.of(name, each)));
    }

    private static Stream<Named<Kernels>> kernels() {
        return Stream.concat(Kernels.variants().stream(), Stream.of(new RoundingKernels()))
                .distinct()
                .map(each -> Named.of(each.name(), each));
    }

    @ParameterizedTest
    @MethodSource("decodersAndKernels")
    void logprobsAreThoseOfLlamaCpp(String name, Kernels kernels) {
        GoldenModel model = GoldenModel.open(name, folder);
        try (LoadedGraph graph = new LoadedGraph(model.file(), DataType.F32, kernels)) {
            List<Float> differences = differences(model, graph);
            if (graph.rounds()) {
                assertThat(differences.get(differences.size() / 2)).isLessThan(0.25f);
                // Rounding may flip a choice of experts.
                assertThat(differences.getLast())
                        .isLessThan(model.mixesExperts() ? Float.POSITIVE_INFINITY : 0.6f);
            } else {
                assertThat(differences.getLast()).isLessThan(model.tolerance());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-F32", "llama3-Q4_0", "qwen2-F32", "gemma3-F32"})
    void halfPrecisionCacheChangesLittle(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        try (LoadedGraph graph =
                new LoadedGraph(model.file(), DataType.F16, Kernels.best().exact())) {
            assertThat(differences(model, graph).getLast()).isLessThan(2e-2f + model.tolerance());
        }
    }

    /// Within the tolerance for activations of 8 bits.
    @ParameterizedTest
    @ValueSource(strings = {"llama-F32", "llama3-Q4_0", "llama-q-Q4_K_M", "qwen2-F32"})
    void cacheOf8BitsChangesNoMoreThanActivationsOf8Bits(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        for (Kernels kernels : List.of(Kernels.best().exact(), Kernels.best())) {
            try (LoadedGraph graph = new LoadedGraph(model.file(), DataType.Q8_0, kernels)) {
                List<Float> differences = differences(model, graph);
                assertThat(differences.get(differences.size() / 2)).isLessThan(0.25f);
                assertThat(differences.getLast()).isLessThan(0.6f);
            }
        }
    }

    /// Largest difference of each step, in ascending order. The first step of a sequence computes
    /// the prompt at once, the others one token each from the cache.
    private static List<Float> differences(GoldenModel model, LoadedGraph graph) {
        List<Float> differences = new ArrayList<>();
        List<int[]> sequences = model.sequences();
        for (int i = 0; i < sequences.size(); i++) {
            int[] tokens = sequences.get(i);
            int computed = 0;
            for (GoldenModel.Step step : GoldenModel.steps(model.expected().get(i))) {
                float[] logprobs = graph.logprobs(tokens, computed, tokens.length);
                float largest = 0;
                for (int k = 0; k < step.topIds().length; k++) {
                    float difference = logprobs[step.topIds()[k]] - step.topLogprobs()[k];
                    largest = Math.max(largest, Math.abs(difference));
                }
                differences.add(largest);
                computed = tokens.length;
                tokens = Arrays.copyOf(tokens, tokens.length + 1);
                tokens[computed] = step.topIds()[0];
            }
        }
        Collections.sort(differences);
        return differences;
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void pooledVectorsAreThoseOfLlamaCpp(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        float tolerance = name.startsWith("nomic") ? 1e-4f : 5e-3f;
        try (LoadedGraph graph =
                new LoadedGraph(model.file(), DataType.F32, Kernels.best().exact())) {
            List<int[]> sequences = model.sequences();
            for (int i = 0; i < sequences.size(); i++) {
                Map<String, @Nullable Object> expected = model.expected().get(i);
                for (Pooling pooling : List.of(Pooling.MEAN, Pooling.CLS)) {
                    float[] vector = graph.pooled(sequences.get(i), pooling);
                    String key = pooling == Pooling.MEAN ? "mean" : "cls";
                    assertThat(vector)
                            .as("%s of sequence %d", key, i)
                            .containsExactly(
                                    GoldenModel.floats(expected.get(key)), within(tolerance));
                }
            }
        }
    }
}
