package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.formats.ImportanceMatrix;
import dev.jebena.llm.Importance.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
    private static final String TEXT =
            "The pot is put on the fire, the coffee is ground by hand, and nobody is in a hurry. "
                    .repeat(12);

    private static final EvaluationOptions OPTIONS =
            EvaluationOptions.defaults().contextLength(32).threads(2).exact(true);

    @TempDir private Path folder;

    private Path model(String name) {
        return GoldenModel.open(name, folder).file();
    }

    @Test
    void perplexityIsThatOfTheSecondHalvesOfAllChunks() {
        Path model = model("llama-F32");
        List<Perplexity> running = new ArrayList<>();
        Perplexity result = Perplexity.measure(model, TEXT, OPTIONS, running::add);
        assertThat(running).hasSize(result.chunks()).last().isEqualTo(result);
        assertThat(result.tokens()).isEqualTo(15L * result.chunks());
        assertThat(result.error()).isPositive();
        try (EvaluatedModel evaluated = EvaluatedModel.load(model, OPTIONS, 31)) {
            double sum = 0;
            for (int[] chunk : evaluated.chunks(TEXT, 0)) {
                // The whole chunk less its first half is the second half.
                double all = evaluated.negativeLogLikelihoods(chunk, 0)[0];
                int[] half = Arrays.copyOf(chunk, 17);
                sum += all - evaluated.negativeLogLikelihoods(half, 0)[0];
            }
            double expected = Math.exp(sum / result.tokens());
            assertThat(result.value()).isCloseTo(expected, within(1e-4 * expected));
        }
    }

    @Test
    void chunksCanBeLimited() {
        Perplexity result =
                Perplexity.measure(model("llama-F32"), TEXT, OPTIONS.chunks(2), each -> {});
        assertThat(result.chunks()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-F32", "mixtral-F32", "gpt2-F32", "phi3-F32", "mamba-F32"})
    void importanceIsMeasuredForEveryMatrixOfALayer(String name) {
        Path model = model(name);
        List<Integer> done = new ArrayList<>();
        Progress progress = (chunk, chunks) -> done.add(chunk);
        ImportanceMatrix matrix =
                Importance.measure(model, TEXT, "coffee", OPTIONS.chunks(3), progress);
        assertThat(done).containsExactly(1, 2, 3);
        assertThat(matrix.datasets()).containsExactly("coffee");
        assertThat(matrix.chunkTokens()).isEqualTo(32);
        assertThat(matrix.sums().keySet()).allMatch(tensor -> tensor.startsWith("blk."));
        matrix.sums()
                .forEach((tensor, sums) -> {
                    float rows = 0;
                    for (float count : sums.counts()) {
                        rows += count;
                    }
                    int each = sums.counts().length > 1 ? 2 : 1;
                    assertThat(rows).as(tensor).isEqualTo(3 * 32 * each);
                    assertThat(sums.squares()).as(tensor).doesNotContain(Float.NaN);
                });
        Path file = folder.resolve("imatrix.gguf");
        matrix.write(file);
        ImportanceMatrix read = ImportanceMatrix.read(file);
        assertThat(read.sums().keySet()).isEqualTo(matrix.sums().keySet());
        assertThat(read.chunks()).isEqualTo(3);
    }

    @Test
    void queriesAndKeysOfALayerShareTheirImportance() {
        ImportanceMatrix matrix =
                Importance.measure(
                        model("llama-F32"), TEXT, "coffee", OPTIONS.chunks(1), Progress.NONE);
        assertThat(squares(matrix, "attn_q"))
                .isEqualTo(squares(matrix, "attn_k"))
                .isNotEqualTo(squares(matrix, "attn_output"));
    }

    private static float[] squares(ImportanceMatrix matrix, String name) {
        return Objects.requireNonNull(matrix.sums().get("blk.0." + name + ".weight")).squares();
    }

    @Test
    void aTextShorterThanAChunkIsRefused() {
        assertThatThrownBy(
                        () -> Perplexity.measure(model("llama-F32"), "short", OPTIONS, each -> {}))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("less than one chunk of 32")
                .hasMessageContaining("--context");
    }

    @Test
    void modelsThatOnlyEmbedAndChunksLongerThanTheModelAreRefused() {
        assertThatThrownBy(() -> Perplexity.measure(model("bert-F32"), TEXT, OPTIONS, each -> {}))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("does not continue text");
        Path model = model("llama-F32");
        EvaluationOptions tooLong = OPTIONS.contextLength(1 << 20);
        assertThatThrownBy(() -> Perplexity.measure(model, TEXT, tooLong, each -> {}))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("contextLength is 1048576");
    }
}
