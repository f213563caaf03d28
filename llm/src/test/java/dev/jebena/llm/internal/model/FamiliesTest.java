package dev.jebena.llm.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Kernels;
import dev.jebena.formats.Gguf;
import dev.jebena.llm.GoldenModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Families and variants without golden files, compared with another way to compute them.
class FamiliesTest {
    @TempDir static Path folder;

    /// All but the variants that it leaves out.
    static Stream<String> goldenDecoders() {
        return GoldenModel.decoders().stream()
                .filter(name -> name.endsWith("F32"))
                .filter(name -> !List.of("llama-yarn-F32", "mamba-F32").contains(name));
    }

    @ParameterizedTest
    @MethodSource("goldenDecoders")
    void thePlainPassIsThatOfLlamaCpp(String name) {
        GoldenModel model = GoldenModel.open(name, folder);
        try (Gguf file = Gguf.open(model.file())) {
            PlainPass plain = new PlainPass(file);
            for (int i = 0; i < 4; i++) {
                GoldenModel.Step step = GoldenModel.steps(model.expected().get(i)).getFirst();
                double[] logprobs = plain.logprobs(model.sequences().get(i));
                for (int k = 0; k < step.topIds().length; k++) {
                    assertThat(logprobs[step.topIds()[k]])
                            .isCloseTo(step.topLogprobs()[k], within((double) model.tolerance()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gemma",
                "gemma2",
                "phi2",
                "bloom",
                "bloom-6-heads",
                "gptneox-sequential",
                "falcon-40b",
                "phi3-short",
                "qwen3moe"
            })
    void logprobsAreThoseOfThePlainPass(String name) {
        Path path = TinyModels.write(name, folder.resolve(name + ".gguf"));
        int[] tokens = new Random(7).ints(40, 0, TinyModel.TOKENS).toArray();
        try (Gguf file = Gguf.open(path)) {
            PlainPass plain = new PlainPass(file);
            for (Kernels kernels : List.of(Kernels.best().exact(), Kernels.scalar())) {
                compare(path, kernels, plain, tokens);
            }
        }
    }

    /// Which rows are computed together changes no bit.
    @ParameterizedTest
    @ValueSource(strings = {"qwen3moe", "bloom", "gemma2"})
    void chunksChangeNothing(String name) {
        Path path = TinyModels.write(name, folder.resolve(name + ".gguf"));
        int[] tokens = new Random(8).ints(40, 0, TinyModel.TOKENS).toArray();
        try (LoadedGraph graph = new LoadedGraph(path, DataType.F32, Kernels.best())) {
            float[] whole = graph.logprobs(tokens, 0, 40);
            graph.logprobs(tokens, 0, 13);
            graph.logprobs(tokens, 13, 39);
            assertThat(graph.logprobs(tokens, 39, 40)).containsExactly(whole);
        }
    }

    /// A prompt in two chunks, then token by token.
    private static void compare(Path path, Kernels kernels, PlainPass plain, int[] tokens) {
        try (LoadedGraph graph = new LoadedGraph(path, DataType.F32, kernels)) {
            int computed = 0;
            for (int length : new int[] {1, 17, 38, 39, 40}) {
                float[] actual = graph.logprobs(tokens, computed, length);
                double[] expected = plain.logprobs(Arrays.copyOf(tokens, length));
                for (int i = 0; i < expected.length; i++) {
                    assertThat((double) actual[i])
                            .as("%s, token %d after %d", kernels.name(), i, length)
                            .isCloseTo(expected[i], within(5e-4));
                }
                computed = length;
            }
        }
    }
}
