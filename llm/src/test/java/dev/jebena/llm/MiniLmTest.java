package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.downloads.Downloads;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A sentence encoder out of a Hugging Face folder.
@Tag("slow")
class MiniLmTest {
    private static double similarity(Embedding a, Embedding b) {
        double sum = 0;
        for (int i = 0; i < a.vector().length; i++) {
            sum += a.vector()[i] * b.vector()[i];
        }
        return sum;
    }

    @Test
    void relatedSentencesAreNearEachOther() {
        try (Llm llm = Llm.load(Downloads.miniLm())) {
            assertThat(llm.contextLength()).isEqualTo(256);
            assertThat(llm.info().embeddingLength()).isEqualTo(384);
            Embedding cat = llm.embed("A cat sits on the mat.");
            Embedding kitten = llm.embed("A kitten is sitting on a rug.");
            Embedding market = llm.embed("Stock prices fell sharply on Monday.");
            assertThat(similarity(cat, cat)).isCloseTo(1, within(1e-5));
            assertThat(similarity(cat, kitten)).isGreaterThan(0.5);
            assertThat(similarity(cat, market)).isLessThan(0.15);
        }
    }

    /// The pair of the model card's example and its published score.
    @Test
    void scoresAreThoseOfTheOriginal() {
        try (Llm llm = Llm.load(Downloads.miniLm())) {
            double score =
                    similarity(
                            llm.embed("That is a happy person"),
                            llm.embed("That is a very happy person"));
            assertThat(score).isCloseTo(0.943, within(0.005));
        }
    }
}
