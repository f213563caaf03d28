package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Answers of gpt-oss: channels, calls, and pieces cut anywhere.
class HarmonyTextTest {
    private static final List<Tool> TOOLS =
            List.of(new Tool("get_weather", Map.of(), Tool.NO_PARAMETERS));

    private record Read(String thought, String text, List<ToolCall> calls) {}

    private static Read read(String answer, boolean open, Random random) {
        ReasoningMarks marks = new ReasoningMarks(Harmony.THINKING, Harmony.END);
        ReasoningText reasoning = new ReasoningText(marks, open);
        ToolCallReader calls = new ToolCallReader(TOOLS);
        StringBuilder text = new StringBuilder();
        StringBuilder thought = new StringBuilder();
        for (int at = 0; at < answer.length(); ) {
            int end = Math.min(answer.length(), at + 1 + random.nextInt(9));
            text.append(calls.add(reasoning.add(answer.substring(at, end))));
            thought.append(reasoning.takeThought());
            at = end;
        }
        text.append(calls.add(reasoning.end())).append(calls.end());
        thought.append(reasoning.takeThought());
        return new Read(thought.toString(), text.toString(), List.copyOf(calls.calls()));
    }

    private static Read read(String answer, boolean open) {
        Read first = read(answer, open, new Random(0));
        for (int seed = 1; seed < 40; seed++) {
            assertThat(read(answer, open, new Random(seed))).as("seed %d", seed).isEqualTo(first);
        }
        return first;
    }

    @Test
    void analysisIsThinkingAndFinalIsTheAnswer() {
        Read read =
                read(
                        "<|channel|>analysis<|message|>The user greets.<|end|><|start|>assistant<|channel|>final<|message|>Hello <b>you</b> <| there",
                        false);
        assertThat(read.thought()).isEqualTo("The user greets.");
        assertThat(read.text()).isEqualTo("Hello <b>you</b> <| there");
        assertThat(read.calls()).isEmpty();
    }

    @Test
    void commentaryToAFunctionIsACall() {
        ToolCall expected = new ToolCall("get_weather", Map.of("city", "A </tool_call> \"b\""));
        String arguments = "{\"city\": \"A </tool_call> \\\"b\\\"\"}";
        for (String head :
                List.of(
                        "<|channel|>analysis<|message|>Weather.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>",
                        "<|channel|>analysis<|message|>Weather.<|end|><|start|>assistant to=functions.get_weather<|channel|>commentary json<|message|>")) {
            Read read = read(head + arguments, false);
            assertThat(read.calls()).as(head).containsExactly(expected);
            assertThat(read.thought()).isEqualTo("Weather.");
            assertThat(read.text()).isBlank();
            assertThat(read(head + arguments + "<|call|>", false).calls())
                    .containsExactly(expected);
        }
        Read first = read(" to=functions.get_weather<|channel|>commentary<|message|>{}", false);
        assertThat(first.calls()).containsExactly(new ToolCall("get_weather", Map.of()));
    }

    @Test
    void aPreambleIsTextAndACutCallIsTold() {
        Read read =
                read(
                        "<|channel|>commentary<|message|>I will look.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather<|message|>{\"ci",
                        false);
        assertThat(read.text()).startsWith("I will look.");
        assertThat(read.calls()).isEmpty();
    }

    @Test
    void whatThePromptHasBegunGoesOn() {
        Read thinking =
                read("so be it<|end|><|start|>assistant<|channel|>final<|message|>Yes.", true);
        assertThat(thinking.thought()).isEqualTo("so be it");
        assertThat(thinking.text()).isEqualTo("Yes.");
        assertThat(read("Yes, as the prompt wrote the header.", false).text())
                .isEqualTo("Yes, as the prompt wrote the header.");
    }

    @Test
    void randomMarksNeverLoseText() {
        String[] parts = {
            "<|start|>",
            "<|channel|>",
            "<|message|>",
            "<|end|>",
            "<|call|>",
            "final",
            "analysis",
            "commentary",
            " to=functions.get_weather",
            "{\"a\":1}",
            "text",
            "<",
            "|",
            "<|",
            "é"
        };
        int cases = Integer.getInteger("jebena.fuzz.cases", 2_000);
        for (int seed = 0; seed < cases; seed++) {
            Random random = new Random(seed);
            StringBuilder answer = new StringBuilder();
            for (int i = random.nextInt(14); i >= 0; i--) {
                answer.append(parts[random.nextInt(parts.length)]);
            }
            boolean open = random.nextBoolean();
            Read whole = read(answer.toString(), open, new Random(seed));
            assertThat(read(answer.toString(), open, new Random(~seed)))
                    .as("seed %d: %s", seed, answer)
                    .isEqualTo(whole);
        }
    }
}
