package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.compute.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrefixTest {
    private static final Generation OPTIONS =
            Generation.defaults().ignoreEos(true).seed(7).maxTokens(40);

    @TempDir static Path folder;

    private static int[] prompt(int seed, int shared, int length) {
        int[] ids = new Random(seed).ints(length, 3, 320).toArray();
        int[] beginning = new Random(99).ints(shared, 3, 320).toArray();
        System.arraycopy(beginning, 0, ids, 0, shared);
        return ids;
    }

    private static List<Integer> ids(Answer answer) {
        List<Integer> ids = new ArrayList<>();
        answer.forEachRemaining(token -> ids.add(token.id()));
        return ids;
    }

    private static Llm load(LlmOptions options) {
        return Llm.load(GoldenModel.open("llama-F32", folder).file(), options);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"F16", "Q8_0"})
    void aSharedBeginningIsComputedOnceAndChangesNothing(DataType kvType)
            throws InterruptedException {
        LlmOptions options = LlmOptions.defaults().kvType(kvType);
        List<List<Integer>> expected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (Llm llm = load(options)) {
                expected.add(ids(llm.generate(prompt(i, 100, 110 + i), OPTIONS)));
            }
        }
        try (Llm llm = load(options)) {
            for (int i = 0; i < 4; i++) {
                Answer answer = llm.generate(prompt(i, 100, 110 + i), OPTIONS);
                assertThat(ids(answer)).isEqualTo(expected.get(i));
                assertThat(answer.usage().cachedTokens()).isEqualTo(i == 0 ? 0 : 100);
            }
            assertThat(llm.stats().promptTokens()).isEqualTo(110 + 11 + 12 + 13);
            // The last step may still be putting its pages back.
            for (int i = 0; i < 1000 && llm.stats().kvPagesUsed() > 0; i++) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(llm.stats().kvPagesUsed()).isZero();
        }
    }

    @Test
    void theNextQuestionBeginsWithWhatWasSaid() {
        try (Llm llm = load(LlmOptions.defaults())) {
            int[] first = prompt(1, 0, 50);
            List<Integer> answer = ids(llm.generate(first, OPTIONS));
            int[] second = Arrays.copyOf(first, 95);
            for (int i = 0; i < 40; i++) {
                second[50 + i] = answer.get(i);
            }
            Answer next = llm.generate(second, OPTIONS);
            next.next();
            // The last token of an answer is not computed.
            assertThat(next.usage().cachedTokens()).isBetween(80, 89);
            next.close();
        }
    }

    @Test
    void keptPagesGiveWayToNewSequences() {
        LlmOptions tight = LlmOptions.defaults().kvPositions(256).contextLength(256);
        List<List<Integer>> expected = new ArrayList<>();
        try (Llm llm = load(LlmOptions.defaults())) {
            for (int i = 0; i < 20; i++) {
                expected.add(ids(llm.generate(prompt(i, 40, 70), OPTIONS)));
            }
        }
        try (Llm llm = load(tight)) {
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(llm.generate(prompt(i, 40, 70), OPTIONS));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(ids(answers.get(i))).isEqualTo(expected.get(i));
            }
        }
    }
}
