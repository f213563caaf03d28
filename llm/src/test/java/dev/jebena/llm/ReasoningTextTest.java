package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasoningTextTest {
    private static final ReasoningMarks THINK = new ReasoningMarks("<think>", "</think>");

    private record Read(String thought, String text) {}

    private static Read read(String answer, boolean open, Random cuts) {
        ReasoningText reasoning = new ReasoningText(THINK, open);
        StringBuilder thought = new StringBuilder();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < answer.length()) {
            int end = Math.min(answer.length(), at + 1 + cuts.nextInt(5));
            text.append(reasoning.add(answer.substring(at, end)));
            thought.append(reasoning.takeThought());
            at = end;
        }
        text.append(reasoning.end());
        thought.append(reasoning.takeThought());
        return new Read(thought.toString(), text.toString());
    }

    private static Read read(String answer, boolean open) {
        Read first = read(answer, open, new Random(0));
        for (int seed = 1; seed < 40; seed++) {
            assertThat(read(answer, open, new Random(seed))).isEqualTo(first);
        }
        return first;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "<think>a b</think>c d|false|a b|c d",
                "<think>\\n a b \\n</think>\\n\\nc |false|a b|c ",
                " \\n<think>a</think>b|false|a|b",
                "a </think> b|true|a|b",
                "<think>a</think>b|true|a|b",
                "a < b <think> c</think>d|true|a < b <think> c|d",
                "plain <think>no</think>|false||plain <think>no</think>",
                "<thin air|false||<thin air",
                "<think>cut off |false|cut off|",
                "<think></think>\\n\\nb|false||b",
                "<think>a</think>b</think>c|false|a|b</think>c",
                "|false||"
            })
    void thinkingIsToldApart(String answer, boolean open, String thought, String text) {
        String whole = answer == null ? "" : answer.replace("\\n", "\n");
        Read read = read(whole, open);
        assertThat(read.thought()).isEqualTo(thought == null ? "" : thought);
        assertThat(read.text()).isEqualTo(text == null ? "" : text);
    }

    @Test
    void piecesOfMarksAreReadAlikeHoweverTheyAreCut() {
        String[] pieces = {"<think>", "</think>", "<", "/think>", "think", " ", "\n", "a", "</"};
        for (int seed = 0; seed < Integer.getInteger("jebena.fuzz.cases", 2000); seed++) {
            Random random = new Random(seed);
            StringBuilder answer = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                answer.append(pieces[random.nextInt(pieces.length)]);
            }
            boolean open = random.nextBoolean();
            Read first = read(answer.toString(), open, new Random(1));
            Read second = read(answer.toString(), open, new Random(2));
            assertThat(second).as("seed %d: %s", seed, answer).isEqualTo(first);
        }
    }
}
