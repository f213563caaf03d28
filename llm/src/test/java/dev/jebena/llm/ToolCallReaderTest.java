package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToolCallReaderTest {
    private static final Set<String> NAMES = Set.of("get_weather", "add");

    private record Read(String text, List<ToolCall> calls) {}

    /// Reads `answer` in pieces of every size from 1 to 5 and checks that all agree.
    private static Read read(String answer) {
        Read first = null;
        for (int size = 1; size <= 5; size++) {
            ToolCallReader reader = new ToolCallReader(NAMES);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < answer.length(); i += size) {
                text.append(reader.add(answer.substring(i, Math.min(answer.length(), i + size))));
            }
            text.append(reader.end());
            Read read = new Read(text.toString(), List.copyOf(reader.calls()));
            assertThat(read).as("pieces of %d", size).isEqualTo(first == null ? read : first);
            first = read;
        }
        return first == null ? new Read("", List.of()) : first;
    }

    private static ToolCall weather() {
        return new ToolCall("get_weather", Map.of("city", "Paris"));
    }

    @Test
    void everyFormatThatModelsWriteIsRead() {
        List<String> answers =
                List.of(
                        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>",
                        "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}",
                        "<|python_tag|>{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}",
                        "[TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}]",
                        "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Paris\"}",
                        "[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}]",
                        "```tool_code\nprint(get_weather(city=\"Paris\"))\n```",
                        "```json\n{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}\n```",
                        "[get_weather(city='Paris')]",
                        "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"arguments\": \"{\\\"city\\\": \\\"Paris\\\"}\"}}");
        for (String answer : answers) {
            Read read = read(answer);
            assertThat(read.calls()).as(answer).containsExactly(weather());
            assertThat(read.text()).as(answer).isBlank();
        }
    }

    @Test
    void textAroundCallsAndSeveralCallsAreKept() {
        String call =
                "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1, \"b\": [2.5, null]}}</tool_call>";
        Read read = read("I will add. " + call + "\n" + call);
        assertThat(read.text()).isEqualTo("I will add. ");
        assertThat(read.calls()).hasSize(2);
        assertThat(read.calls().getFirst().arguments()).containsEntry("a", 1L);
    }

    @Test
    void whatIsNoCallStaysText() {
        for (String answer :
                List.of(
                        "plain text with a < b and [1] {x}",
                        "{\"name\": \"unknown\", \"arguments\": {}}",
                        "{\"answer\": 42}",
                        "<tool_call>not json</tool_call> and more",
                        "<tool_call>{\"name\": \"add\"",
                        "```json\n{\"a\": 1}\n``` done",
                        "[1, 2, 3]",
                        "")) {
            Read read = read(answer);
            assertThat(read.text()).isEqualTo(answer);
            assertThat(read.calls()).isEmpty();
        }
    }

    @Test
    void randomPiecesOfMarksNeverFail() {
        List<String> pieces =
                List.of(
                        "<tool_call>",
                        "</tool_call>",
                        "{",
                        "}",
                        "\"name\":",
                        "\"add\"",
                        "[",
                        "]",
                        "print(",
                        "add(",
                        ")",
                        "a=",
                        "'",
                        "\\",
                        "[TOOL_CALLS]",
                        "```json",
                        "```",
                        "\"arguments\":",
                        ",",
                        "1e9",
                        " ",
                        "[ARGS]",
                        "<|python_tag|>");
        long seed = Long.getLong("jebena.fuzz.seed", 7);
        Random random = new Random(seed);
        for (int i = 0; i < Integer.getInteger("jebena.fuzz.cases", 2000); i++) {
            StringBuilder answer = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                answer.append(pieces.get(random.nextInt(pieces.size())));
            }
            Read read = read(answer.toString());
            assertThat(read.calls())
                    .as("seed %d: %s", seed, answer)
                    .allMatch(c -> NAMES.contains(c.name()));
        }
        assertThat(read("print(".repeat(20_000)).calls()).isEmpty();
    }
}
