package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToolCallReaderTest {
    private static final List<Tool> TOOLS =
            List.of(
                    tool("get_weather", Map.of("city", "string", "days", "integer")),
                    tool("add", Map.of()));

    private static Tool tool(String name, Map<String, String> types) {
        Map<String, Object> properties = new LinkedHashMap<>();
        types.forEach((key, type) -> properties.put(key, Map.of("type", type)));
        return new Tool(name, Map.of(), Map.of("properties", properties));
    }

    private record Read(String text, List<ToolCall> calls, List<ToolCallReader.Written> written) {}

    /// Reads `answer` in pieces of every size from 1 to 5 and checks that all agree.
    private static Read read(String answer) {
        Read first = null;
        for (int size = 1; size <= 5; size++) {
            ToolCallReader reader = new ToolCallReader(TOOLS);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < answer.length(); i += size) {
                text.append(reader.add(answer.substring(i, Math.min(answer.length(), i + size))));
            }
            text.append(reader.end());
            Read read = new Read(text.toString(), List.copyOf(reader.calls()), reader.written());
            assertThat(read).as("pieces of %d", size).isEqualTo(first == null ? read : first);
            first = read;
        }
        return first == null ? new Read("", List.of(), List.of()) : first;
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
                        "<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n</function>\n</tool_call>",
                        "<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n</function>",
                        "<function=get_weather>{\"city\": \"Paris\"}</function>",
                        "<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n</tool_call>",
                        "<|tool_call|>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}]<|/tool_call|>",
                        "<|tool_call|>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}]",
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n{\"city\": \"Paris\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Paris\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "<|START_ACTION|>[{\"tool_call_id\": \"0\", \"tool_name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}]<|END_ACTION|>",
                        "```tool_code\nprint(get_weather(city=\"Paris\"))\n```",
                        "```json\n{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Paris\"}}\n```",
                        "<start_function_call>call:get_weather{city:<escape>Paris<escape>}<end_function_call>",
                        "[get_weather(city='Paris')]",
                        "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"arguments\": \"{\\\"city\\\": \\\"Paris\\\"}\"}}");
        for (String answer : answers) {
            Read read = read(answer);
            assertThat(read.calls()).as(answer).containsExactly(weather());
            assertThat(read.text()).as(answer).isBlank();
        }
    }

    @Test
    void severalCallsOfNewerFormsAreRead() {
        for (String answer :
                List.of(
                        "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Paris\"}[TOOL_CALLS]add[ARGS]{\"a\": [1, 2]}",
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Paris\"}"
                                + "<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>add<｜tool▁sep｜>{\"a\": [1, 2]}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        "<tool_call><function=get_weather><parameter=city>Paris</parameter></function></tool_call>\n"
                                + "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": [1, 2]}}</tool_call>",
                        "[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}, {\"name\": \"add\", \"arguments\": {\"a\": [1, 2]}}]")) {
            Read read = read(answer);
            assertThat(read.calls())
                    .as(answer)
                    .containsExactly(weather(), new ToolCall("add", Map.of("a", List.of(1L, 2L))));
            assertThat(read.text()).as(answer).isBlank();
        }
    }

    @Test
    void valuesBetweenTagsHaveTheTypesOfTheSchema() {
        Read read =
                read(
                        "<tool_call><function=get_weather><parameter=city>\n42\n</parameter>\n"
                                + "<parameter=days>3</parameter></function></tool_call>");
        assertThat(read.calls())
                .containsExactly(new ToolCall("get_weather", Map.of("city", "42", "days", 3L)));
    }

    @Test
    void argumentsAreToldAsTheyCome() {
        for (String answer :
                List.of(
                        "Well. <tool_call>{\"name\": \"add\", \"arguments\": {\"a\": \"x{\\\"}y\", \"b\": [1]}}</tool_call>",
                        "[TOOL_CALLS]add[ARGS]{\"a\": {\"b\": 1}}",
                        "<tool_call>{\"arguments\": {\"a\": 1}, \"name\": \"add\"}</tool_call>",
                        "<tool_call><function=add><parameter=a>1</parameter><parameter=b>2</parameter></function></tool_call>",
                        "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1")) {
            ToolCallReader reader = new ToolCallReader(TOOLS);
            String told = "";
            int steps = 0;
            for (int at = 0; at < answer.length(); at++) {
                reader.add(answer.substring(at, at + 1));
                List<ToolCallReader.Written> written = reader.written();
                String now = written.isEmpty() ? "" : written.getFirst().arguments();
                assertThat(now).as(answer).startsWith(told);
                steps += now.length() > told.length() ? 1 : 0;
                told = now;
            }
            reader.end();
            assertThat(reader.written().getFirst().arguments()).startsWith(told);
            assertThat(steps).as(answer).isPositive();
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
                        "<|python_tag|>",
                        "<function=",
                        "add",
                        ">",
                        "<parameter=a>",
                        "</parameter>",
                        "</function>",
                        "<arg_key>a</arg_key>",
                        "<arg_value>",
                        "</arg_value>",
                        "<｜tool▁calls▁begin｜>",
                        "<｜tool▁sep｜>",
                        "<start_function_call>",
                        "call:add{",
                        "a:",
                        "<escape>",
                        "<end_function_call>",
                        "<|tool_call|>");
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
                    .allMatch(c -> TOOLS.stream().anyMatch(t -> t.name().equals(c.name())));
        }
        assertThat(read("print(".repeat(20_000)).calls()).isEmpty();
    }
}
