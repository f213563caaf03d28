package dev.jebena.llm.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Kernels;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.Quantizer;
import dev.jebena.llm.ConversionOptions;
import dev.jebena.llm.GoldenModel;
import dev.jebena.llm.ModelConverter;
import dev.jebena.llm.internal.folder.ModelFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Folders of families without golden files, compared with Hugging Face's transformers.
class TransformersTest {
    /// Encoders use GELU, which transformers computes exactly and llama.cpp by its tanh form.
    private static final float GELU = 5e-3f;

    @TempDir private Path folder;

    static List<String> names() {
        return TransformersFixture.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFolderComputesWhatTransformersDoes(String name) throws IOException {
        TransformersFixture fixture = TransformersFixture.open(name);
        Path path = fixture.write(folder.resolve(name));
        for (Kernels kernels : List.of(Kernels.best().exact(), Kernels.scalar())) {
            try (LoadedGraph graph =
                    new LoadedGraph(ModelFolder.open(path), DataType.F32, kernels)) {
                compare(fixture, graph);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void itDoesSoAsAGgufFileAndAsAFolderAgain(String name) throws IOException {
        TransformersFixture fixture = TransformersFixture.open(name);
        Path path = fixture.write(folder.resolve(name));
        Path gguf = folder.resolve(name + ".gguf");
        ConversionOptions options = ConversionOptions.defaults().numbers(DataType.F32).threads(1);
        ModelConverter.toGguf(path, gguf, options, Quantizer.Progress.NONE);
        try (LoadedGraph graph =
                new LoadedGraph(Gguf.open(gguf), DataType.F32, Kernels.best().exact())) {
            compare(fixture, graph);
        }
        // Its folders keep experts in a form that is read only.
        if (!name.startsWith("gpt_oss")) {
            Path again = folder.resolve(name + "-again");
            ModelConverter.toFolder(gguf, again, options, Quantizer.Progress.NONE);
            try (LoadedGraph graph =
                    new LoadedGraph(
                            ModelFolder.open(again), DataType.F32, Kernels.best().exact())) {
                compare(fixture, graph);
            }
        }
    }

    /// A prompt in chunks, so that later ones see earlier ones through the cache.
    private static void compare(TransformersFixture fixture, LoadedGraph graph) {
        int[] tokens = fixture.tokens();
        int computed = 0;
        for (Map.Entry<String, @Nullable Object> expected : fixture.logprobs().entrySet()) {
            int length = Integer.parseInt(expected.getKey());
            float[] actual = graph.logprobs(tokens, computed, length);
            assertThat(actual)
                    .as("after %d tokens", length)
                    .containsExactly(GoldenModel.floats(expected.getValue()), within(5e-4f));
            computed = length;
        }
        for (Pooling pooling : List.of(Pooling.MEAN, Pooling.CLS)) {
            float[] expected = fixture.answer(pooling == Pooling.MEAN ? "mean" : "cls");
            if (expected != null) {
                assertThat(graph.pooled(tokens, pooling)).containsExactly(expected, within(GELU));
            }
        }
        float[] scores = fixture.answer("scores");
        if (scores != null) {
            assertThat(graph.scores(tokens)).containsExactly(scores, within(GELU));
        }
    }
}
