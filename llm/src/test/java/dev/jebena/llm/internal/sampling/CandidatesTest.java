package dev.jebena.llm.internal.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    @Test
    void topIsTheBeginningOfTheSortedVocabulary() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            float[] logits = new float[1 + random.nextInt(600)];
            for (int i = 0; i < logits.length; i++) {
                // Coarse values, so that there are many ties.
                logits[i] = (random.nextInt(41) - 20) / 4f;
            }
            int k = 1 + random.nextInt(logits.length);
            Candidates candidates = new Candidates();
            candidates.selectTop(logits, logits.length, k);
            List<Integer> expected =
                    IntStream.range(0, logits.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]))
                            .limit(k)
                            .toList();
            assertThat(IntStream.range(0, candidates.size()).map(candidates::id).boxed())
                    .containsExactlyElementsOf(expected);
            for (int i = 0; i < k; i++) {
                assertThat(candidates.logit(i)).isEqualTo(logits[candidates.id(i)] + 0.0f);
            }
        }
    }

    @Test
    void impossibleTokensNeverTakePart() {
        float[] logits = {Float.NaN, Float.NEGATIVE_INFINITY, 1, Float.NaN, -3};
        Candidates candidates = new Candidates();
        candidates.selectTop(logits, 5, 5);
        assertThat(candidates.size()).isEqualTo(2);
        assertThat(candidates.id(0)).isEqualTo(2);
        candidates.selectAbove(logits, 5, Float.NEGATIVE_INFINITY);
        assertThat(candidates.size()).isEqualTo(2);
    }
}
