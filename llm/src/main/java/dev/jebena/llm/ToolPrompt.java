package dev.jebena.llm;

import dev.jebena.json.Json;
import dev.jebena.tokenizers.ChatTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tools for models whose chat template knows nothing of them.
///
/// For such a model the definitions go into the system message with the request to answer
/// `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`, calls in the history are written the
/// same way, and results come as user messages in `<tool_response>`. It is the form that Hermes and
/// Qwen models were trained on.
public final class ToolPrompt {
    private ToolPrompt() {}

    /// The prompt of a conversation with tools, by the model's own template, or in words where that
    /// knows none.
    ///
    /// @param variables further variables of the template
    public static String prompt(
            Llm llm,
            List<Message> messages,
            List<Tool> tools,
            Map<String, ? extends @Nullable Object> variables) {
        ChatTemplate template = llm.chatTemplate();
        if (template == null || !template.supportsTools()) {
            return llm.prompt(inWords(messages, tools), variables);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>(variables);
        if (!tools.isEmpty()) {
            all.put("tools", tools.stream().map(Tool::definition).toList());
        }
        return llm.prompt(messages, all);
    }

    /// The conversation with the tools told in words.
    public static List<Message> inWords(List<Message> messages, List<Tool> tools) {
        List<Message> told = new ArrayList<>();
        String words = tools.isEmpty() ? "" : describe(tools);
        boolean hasSystem =
                !messages.isEmpty() && "system".equals(messages.getFirst().fields().get("role"));
        if (!hasSystem && !words.isEmpty()) {
            told.add(Message.system(words));
        }
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (i == 0 && hasSystem && !words.isEmpty()) {
                told.add(Message.system(text(message) + "\n\n" + words));
            } else {
                told.add(inWords(message));
            }
        }
        return told;
    }

    private static String text(Message message) {
        Object content = message.fields().get("content");
        return content == null ? "" : content.toString();
    }

    private static Message inWords(Message message) {
        Map<String, @Nullable Object> fields = message.fields();
        if ("tool".equals(fields.get("role"))) {
            return Message.user("<tool_response>\n" + text(message) + "\n</tool_response>");
        }
        if (!(fields.get("tool_calls") instanceof List<?> calls) || calls.isEmpty()) {
            return message;
        }
        StringBuilder content = new StringBuilder(text(message));
        for (Object call : calls) {
            if (call instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> called) {
                content.append(content.isEmpty() ? "" : "\n")
                        .append("<tool_call>\n")
                        .append(
                                Json.write(
                                        object(
                                                "name", called.get("name"),
                                                "arguments", called.get("arguments"))))
                        .append("\n</tool_call>");
            }
        }
        return Message.assistant(content.toString());
    }

    private static String describe(List<Tool> tools) {
        StringBuilder words =
                new StringBuilder(
                        "You can call functions to answer. Each line below is the JSON definition of"
                                + " one function:\n<tools>\n");
        tools.forEach(t -> words.append(Json.write(t.definition())).append('\n'));
        return words.append("</tools>\n")
                .append("To call a function, write its name and arguments as JSON, like this:\n")
                .append("<tool_call>\n")
                .append(
                        "{\"name\": \"the function's name\", \"arguments\": {\"name\": \"value\"}}\n")
                .append("</tool_call>")
                .toString();
    }

    private static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }
}
