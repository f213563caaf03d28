package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.internal.constraint.SampledTexts;
import dev.jebena.tokenizers.ChatTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Forced calls have the form of the model's family, and are read as what they are.
class CallFormTest {
    private static final List<Tool> TOOLS = List.of(weather(), tool("stop", Map.of(), List.of()));

    private static Tool weather() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("city", Map.of("type", "string", "enum", List.of("Paris", "Addis Ababa")));
        properties.put("days", Map.of("type", "integer", "minimum", 1, "maximum", 9));
        properties.put("units", Map.of("type", "array", "items", Map.of("type", "boolean")));
        properties.put("note", Map.of("type", "string", "maxLength", 5));
        return tool("get_weather", properties, List.of("city", "days"));
    }

    private static Tool tool(String name, Map<String, Object> properties, List<String> required) {
        return Tool.of(
                name,
                "a function",
                Map.of(
                        "type",
                        "object",
                        "properties",
                        properties,
                        "required",
                        required,
                        "additionalProperties",
                        false));
    }

    /// A template in the manner of a family: the marks are what tells it.
    private static ChatTemplate template(String marks) {
        return ChatTemplate.of(
                "{% for tool in tools %}{{ tool }}{% endfor %}{{ '" + marks + "' }}");
    }

    @Test
    void aTemplateTellsTheForm() {
        Map<String, CallForm> forms = new LinkedHashMap<>();
        forms.put("<tool_call>{name, arguments}</tool_call>", CallForm.HERMES);
        forms.put("<tool_call><function=f><parameter=p>", CallForm.QWEN_CODER);
        forms.put("<tool_call>f<arg_key>k</arg_key>", CallForm.GLM);
        forms.put("<|start_header_id|>ipython {\"name\", \"parameters\": }", CallForm.LLAMA);
        forms.put("<function=f>{}</function>", CallForm.FUNCTIONARY);
        forms.put("[AVAILABLE_TOOLS][TOOL_CALLS] [", CallForm.MISTRAL);
        forms.put("[TOOL_CALLS]f[ARGS]{}", CallForm.MISTRAL_NAMED);
        forms.put("<|tool|>[]<|/tool|>", CallForm.PHI);
        forms.put("<|start_of_role|>assistant<|tool_call|>", CallForm.GRANITE);
        forms.put("<｜tool▁calls▁begin｜>f```json", CallForm.DEEPSEEK);
        forms.put("<｜tool▁calls▁begin｜>f<｜tool▁sep｜>", CallForm.DEEPSEEK_NAMED);
        forms.put("<|START_ACTION|>[]<|END_ACTION|>", CallForm.COMMAND);
        forms.put("<start_function_call>call:f{}", CallForm.FUNCTION_GEMMA);
        forms.put("<|start|>assistant<|channel|>analysis", CallForm.HARMONY);
        forms.put("nothing that is known", CallForm.JSON);
        forms.forEach((marks, form) ->
                assertThat(CallForm.of(template(marks))).as(marks).isEqualTo(form));
        assertThat(CallForm.of(null)).isEqualTo(CallForm.HERMES);
        assertThat(CallForm.of(ChatTemplate.of("{{ messages }}[TOOL_CALLS]")))
                .as("tools are told in words")
                .isEqualTo(CallForm.HERMES);
    }

    @ParameterizedTest
    @EnumSource
    void forcedCallsAreReadWithValidArguments(CallForm form) {
        SampledTexts texts = new SampledTexts(form.forced(TOOLS), CallMark.SPECIAL, Harmony.TOKENS);
        for (int seed = 0; seed < 60; seed++) {
            String text = texts.next(new Random(seed));
            String said = form == CallForm.HARMONY ? harmony(text, seed) : text;
            ToolCallReader reader = new ToolCallReader(TOOLS);
            String rest = reader.add(said) + reader.end();
            assertThat(rest).as("seed %d: %s", seed, text).isBlank();
            assertThat(reader.calls()).as("seed %d: %s", seed, text).hasSize(1);
            check(reader.calls().getFirst(), text);
        }
    }

    private static String harmony(String text, int seed) {
        HarmonyText reader = new HarmonyText(false);
        StringBuilder said = new StringBuilder();
        Random random = new Random(seed);
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(6));
            said.append(reader.add(text.substring(at, end)));
            at = end;
        }
        return said.append(reader.end()).toString();
    }

    private static void check(ToolCall call, String text) {
        Map<String, Object> arguments = new LinkedHashMap<>(call.arguments());
        if (call.name().equals("stop")) {
            assertThat(arguments).as(text).isEmpty();
            return;
        }
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(arguments.get("city")).as(text).isIn("Paris", "Addis Ababa");
        assertThat(arguments.get("days")).as(text).isInstanceOf(Long.class);
        assertThat((Long) arguments.get("days")).as(text).isBetween(1L, 9L);
        assertThat(List.of("city", "days", "units", "note"))
                .as(text)
                .containsAll(arguments.keySet());
        if (arguments.get("note") != null) {
            String note = String.valueOf(arguments.get("note"));
            assertThat(note.codePointCount(0, note.length())).as(text).isLessThanOrEqualTo(5);
        }
    }
}
