package dev.jebena.llm.internal.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.llm.Sampling.Dry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DryTest {
    private static final Dry OPTIONS = Dry.OFF.multiplier(0.8f);

    /// Letters are the tokens, and some pairs of them.
    private static final String[] WORDS = {"a", "b", "c", "d", "x", "y", "\n", "cx", "bc"};

    private static DryBreakers breakers(String... texts) {
        return DryBreakers.made(
                WORDS.length,
                id -> WORDS[id],
                text -> text.chars().map(c -> id(Character.toString(c))).toArray(),
                List.of(texts));
    }

    private static int id(String word) {
        return Arrays.asList(WORDS).indexOf(word);
    }

    private static int[] ids(String letters) {
        return letters.chars().map(c -> id(Character.toString(c))).toArray();
    }

    private static Map<Integer, Integer> lengths(Dry options, String text, String... breakers) {
        return new DryPenalty(options, breakers(breakers), ids(text)).lengths();
    }

    @Test
    void whatFollowedTheSameTokensCosts() {
        // "abc" stood before d, "bc" before x as well, which is shorter than "abc" before d.
        assertThat(lengths(OPTIONS, "abcdybcxabc")).isEqualTo(Map.of(id("d"), 3, id("x"), 2));
        assertThat(lengths(OPTIONS, "abcdy")).isEmpty();
        assertThat(lengths(OPTIONS.allowedLength(3), "abcdybcxabc")).isEqualTo(Map.of(id("d"), 3));
        assertThat(lengths(OPTIONS, "aaaa")).isEqualTo(Map.of(id("a"), 3));
    }

    @Test
    void theWindowAndBreakersLimitIt() {
        assertThat(lengths(OPTIONS.window(10), "abcdybcxabc"))
                .isEqualTo(Map.of(id("d"), 2, id("x"), 2));
        assertThat(lengths(OPTIONS.window(6), "abcdybcxabc")).isEqualTo(Map.of(id("x"), 2));
        assertThat(lengths(OPTIONS.window(0), "abcdybcxabc")).isEmpty();
        assertThat(lengths(OPTIONS, "abcdybcxabc", "a")).isEqualTo(Map.of(id("d"), 2, id("x"), 2));
        assertThat(lengths(OPTIONS, "abcdybcxabc", "b")).isEmpty();
    }

    @Test
    void breakersMayLieAcrossTokens() {
        // The token "cx" ends with the beginning of "xy", and "y" is its rest.
        int[] text = {id("cx"), id("y"), id("a"), id("b"), id("cx"), id("a"), id("b")};
        DryBreakers across = breakers("xy");
        assertThat(across.tokensAfterLast(text, 7, 7)).isEqualTo(5);
        assertThat(across.isBreaker(id("cx"))).isFalse();
        assertThat(breakers("x").isBreaker(id("cx"))).isTrue();
        assertThat(breakers("x").tokensAfterLast(text, 7, 7)).isEqualTo(2);
        assertThat(breakers().tokensAfterLast(text, 7, 7)).isEqualTo(7);
    }

    @Test
    void thePenaltyGrowsWithTheLength() {
        float[] logits = new float[WORDS.length];
        new DryPenalty(OPTIONS, breakers("y"), ids("abcdybcxabc")).apply(logits, logits.length);
        assertThat(logits[id("d")]).isCloseTo(-0.8f * 1.75f, within(1e-6f));
        assertThat(logits[id("x")]).isCloseTo(-0.8f, within(1e-6f));
        assertThat(logits[id("a")]).isZero();
        // A token that is a breaker never costs.
        float[] others = new float[WORDS.length];
        new DryPenalty(OPTIONS, breakers("d"), ids("abcdbcxabc")).apply(others, others.length);
        assertThat(others[id("d")]).isZero();
    }

    @Test
    void endlessRepetitionStaysANumber() {
        float[] logits = new float[WORDS.length];
        DryPenalty dry = new DryPenalty(OPTIONS, breakers(), new int[0]);
        for (int i = 0; i < 3000; i++) {
            dry.add(0);
        }
        dry.apply(logits, logits.length);
        assertThat(logits[0]).isNegative().isNotNaN();
    }

    @Test
    void randomTextsGiveWhatTheDefinitionSays() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            int[] text = random.ints(random.nextInt(40), 0, 3).toArray();
            Dry options = OPTIONS.allowedLength(random.nextInt(4)).window(random.nextInt(45) - 1);
            String[] breakers = random.nextBoolean() ? new String[0] : new String[] {"c"};
            assertThat(new DryPenalty(options, breakers(breakers), text).lengths())
                    .as("seed %d", seed)
                    .isEqualTo(defined(options, text, breakers.length > 0));
        }
    }

    private static Map<Integer, Integer> defined(Dry options, int[] all, boolean breaks) {
        int from = options.window() < 0 ? 0 : Math.max(0, all.length - options.window());
        int[] text = Arrays.copyOfRange(all, from, all.length);
        Map<Integer, Integer> longest = new HashMap<>();
        int limit = 0;
        while (limit < text.length && !(breaks && text[text.length - 1 - limit] == id("c"))) {
            limit++;
        }
        if (text.length <= options.allowedLength() || limit < options.allowedLength()) {
            return longest;
        }
        for (int next = 1; next < text.length; next++) {
            int length = 0;
            while (length < limit
                    && length < next
                    && text[next - 1 - length] == text[text.length - 1 - length]) {
                length++;
            }
            if (length >= options.allowedLength()) {
                longest.merge(text[next], length, Math::max);
            }
        }
        return longest;
    }
}
