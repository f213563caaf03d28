package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.tokenizers.ChatTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a family of models writes calls of tools. [ToolCallReader] reads all of these forms; here a
/// call that is forced gets the form that the model was trained on, with arguments that are valid
/// under the tool's schema.
public enum CallForm {
    /// Hermes, Qwen 2.5 and 3, Granite 4, and models that are told about tools in words.
    HERMES("<tool_call>\n{\"name\": %s, \"arguments\": ", "}\n</tool_call>"),
    /// Qwen 3 Coder: arguments between tags.
    QWEN_CODER("<tool_call>\n<function=%s>\n", "</function>\n</tool_call>"),
    /// GLM 4.5: arguments between tags.
    GLM("<tool_call>%s\n", "</tool_call>"),
    /// Llama 3.
    LLAMA("{\"name\": %s, \"parameters\": ", "}"),
    /// Functionary.
    FUNCTIONARY("<function=%s>", "</function>"),
    /// Mistral up to its seventh tokenizer.
    MISTRAL("[TOOL_CALLS] [{\"name\": %s, \"arguments\": ", "}]"),
    /// Mistral since.
    MISTRAL_NAMED("[TOOL_CALLS]%s[ARGS]", ""),
    /// Phi 4 mini.
    PHI("<|tool_call|>[{\"name\": %s, \"arguments\": ", "}]<|/tool_call|>"),
    /// Granite 3.
    GRANITE("<|tool_call|>[{\"name\": %s, \"arguments\": ", "}]"),
    /// DeepSeek V3 and R1.
    DEEPSEEK(
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>%s\n```json\n",
            "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
    /// DeepSeek V3.1.
    DEEPSEEK_NAMED(
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>%s<｜tool▁sep｜>",
            "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
    /// Command R7B and A.
    COMMAND(
            "<|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": %s, \"parameters\": ",
            "}\n]<|END_ACTION|>"),
    /// FunctionGemma: arguments in a notation of its own.
    FUNCTION_GEMMA("<start_function_call>call:%s{", "}<end_function_call>"),
    /// gpt-oss: a message of the channel `commentary` to the function.
    HARMONY("<|channel|>commentary to=functions.%s <|constrain|>json<|message|>", ""),
    /// JSON alone.
    JSON("{\"name\": %s, \"arguments\": ", "}");

    private final String begin;
    private final String end;

    /// @param begin with a place for the name, in quotes where it is a member of JSON
    CallForm(String begin, String end) {
        this.begin = begin;
        this.end = end;
    }

    /// The form that a template's model writes. Without a template that knows tools it is that
    /// which [ToolPrompt] asks for.
    public static CallForm of(@Nullable ChatTemplate template) {
        return template == null || !template.supportsTools() ? HERMES : of(template.source());
    }

    private static CallForm of(String source) {
        if (source.contains("<|channel|>") && source.contains("<|start|>")) {
            return HARMONY;
        }
        if (source.contains("<start_function_call>")) {
            return FUNCTION_GEMMA;
        }
        if (source.contains("[TOOL_CALLS]")) {
            return source.contains("[ARGS]") ? MISTRAL_NAMED : MISTRAL;
        }
        if (source.contains("tool▁calls▁begin")) {
            return source.contains("```json") ? DEEPSEEK : DEEPSEEK_NAMED;
        }
        if (source.contains("<|START_ACTION|>")) {
            return COMMAND;
        }
        if (source.contains("<|/tool|>") || source.contains("<|/tool_call|>")) {
            return PHI;
        }
        if (source.contains("<|tool_call|>")) {
            return GRANITE;
        }
        return ofTags(source);
    }

    private static CallForm ofTags(String source) {
        if (source.contains("<parameter=")) {
            return QWEN_CODER;
        }
        if (source.contains("<arg_key>")) {
            return GLM;
        }
        if (source.contains("<tool_call>")) {
            return HERMES;
        }
        if (source.contains("<function=")) {
            return FUNCTIONARY;
        }
        boolean llama = source.contains("<|start_header_id|>") || source.contains("<|python_tag|>");
        return llama && source.contains("\"parameters\"") ? LLAMA : JSON;
    }

    /// Exactly one call of one of these tools.
    public Constraint forced(List<Tool> tools) {
        List<Constraint> calls = new ArrayList<>();
        for (Tool tool : tools) {
            boolean quoted = begin.contains("\": %s");
            String name = quoted ? Json.write(tool.name()) : tool.name();
            calls.add(
                    new Constraint.Sequence(
                            List.of(
                                    new Constraint.Text(begin.replace("%s", name)),
                                    arguments(tool),
                                    new Constraint.Text(end))));
        }
        Constraint call =
                calls.size() == 1 ? calls.getFirst() : new Constraint.Either(List.copyOf(calls));
        return this == HARMONY ? Harmony.afterThinking(call) : call;
    }

    private Constraint arguments(Tool tool) {
        return switch (this) {
            case QWEN_CODER ->
                    TaggedArguments.of(
                            tool, "<parameter=%s>\n", "\n</parameter>\n", "</parameter>");
            case GLM ->
                    TaggedArguments.of(
                            tool,
                            "<arg_key>%s</arg_key>\n<arg_value>",
                            "</arg_value>\n",
                            "</arg_value>");
            case FUNCTION_GEMMA -> GemmaArguments.of(tool);
            default -> {
                Map<String, @Nullable Object> schema = new LinkedHashMap<>(tool.parameters());
                schema.putIfAbsent("type", "object");
                yield new Constraint.JsonSchema(schema);
            }
        };
    }
}
