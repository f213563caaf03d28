package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RerankTest {
    private static final LlmOptions EXACT = LlmOptions.defaults().exact(true);

    @TempDir static Path folder;

    /// llama-server's `/v1/rerank` of the same file; its GELU is a table of half precision.
    private static final Map<String, Float> EXPECTED =
            Map.of(
                    "the thing", -1.6290046f,
                    "there is a string of values", -2.0020845f,
                    "a", -1.5496598f);

    private static Path model(String name, boolean dense) {
        Path bert = GoldenModel.open("bert-F32", folder).file();
        return TinyReranker.write(bert, folder.resolve(name), dense);
    }

    @Test
    void scoresAreThoseOfLlamaCpp() {
        try (Llm llm = Llm.load(model("rank.gguf", true), EXACT)) {
            assertThat(llm.ranks()).isTrue();
            EXPECTED.forEach((text, score) ->
                    assertThat(llm.rank("what is the thing", text).vector()[0])
                            .as(text)
                            .isCloseTo(score, within(1e-2f)));
            assertThatThrownBy(() -> llm.embed("a")).hasMessageContaining("ranks texts");
        }
    }

    @Test
    void aHeadWithoutADenseLayerScoresTheHiddenState() {
        try (Llm llm = Llm.load(model("flat.gguf", false), EXACT)) {
            assertThat(llm.rank("the", "thing").vector()).hasSize(1);
        }
    }

    @Test
    void otherModelsDoNotRank() {
        try (Llm llm = Llm.load(GoldenModel.open("bert-F32", folder).file(), EXACT)) {
            assertThat(llm.ranks()).isFalse();
            assertThatThrownBy(() -> llm.rank("a", "b")).hasMessageContaining("does not rank");
        }
    }
}
