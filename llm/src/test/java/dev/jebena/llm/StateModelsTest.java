package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that keep a state of each sequence instead of keys and values.
class StateModelsTest {
    private static final Generation GREEDY =
            Generation.defaults().temperature(0).ignoreEos(true).maxTokens(12);

    @TempDir static Path folder;

    private static int[] prompt(int seed) {
        return IntStream.range(0, 40 + seed).map(i -> 4 + (i * 7 + seed * 31) % 300).toArray();
    }

    private static List<Integer> ids(Answer answer) {
        List<Integer> ids = new ArrayList<>();
        answer.forEachRemaining(token -> ids.add(token.id()));
        return ids;
    }

    @Test
    void answersDoNotDependOnOthersNorOnWhatWasComputedBefore() {
        Path file = GoldenModel.open("mamba-F32", folder).file();
        List<List<Integer>> alone = new ArrayList<>();
        try (Llm llm = Llm.load(file, LlmOptions.defaults().batchTokens(16))) {
            for (int seed = 0; seed < 6; seed++) {
                alone.add(ids(llm.generate(prompt(seed), GREEDY)));
            }
            List<Answer> together = new ArrayList<>();
            for (int seed = 0; seed < 6; seed++) {
                together.add(llm.generate(prompt(seed), GREEDY));
            }
            assertThat(together.stream().map(StateModelsTest::ids).toList()).isEqualTo(alone);
            assertThat(llm.stats().cachedTokens()).isZero();
            assertThat(llm.stats().kvPagesUsed()).isZero();
        }
    }

    @Test
    void theyCannotGuessForOthers() {
        Path draft = GoldenModel.open("mamba-F32", folder).file();
        Path file = GoldenModel.open("gptneox-F32", folder).file();
        assertThatThrownBy(() -> Llm.load(file, LlmOptions.defaults().draft(draft)))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("cannot take a guess back");
    }
}
