package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.llm.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Items of OpenAI's Responses API: messages, function calls and their outputs, reasoning. In the
/// form in which they are kept they have ids, and their contents are lists of parts.
final class ResponseItems {
    private ResponseItems() {}

    /// The items of the field `input`: a text, or a list.
    ///
    /// @param kept finds an item that a reference names; null for none of that id
    static List<Map<String, @Nullable Object>> of(
            RequestFields request, Function<String, @Nullable Map<String, @Nullable Object>> kept) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        switch (request.value("input")) {
            case null -> {}
            case String text -> items.add(message("user", text));
            case List<?> _ -> {
                for (RequestFields item : request.objects("input")) {
                    items.add(item(item, kept));
                }
            }
            default -> throw request.invalid("input", "expected a string or an array of items");
        }
        return items;
    }

    static Map<String, @Nullable Object> message(String role, String text) {
        return HttpJson.object(
                "id",
                "msg_" + OpenAiChatReply.newId(),
                "type",
                "message",
                "role",
                role,
                "status",
                "completed",
                "content",
                List.of(part(role, text)));
    }

    private static Map<String, @Nullable Object> part(String role, String text) {
        return role.equals("assistant")
                ? HttpJson.object("type", "output_text", "text", text, "annotations", List.of())
                : HttpJson.object("type", "input_text", "text", text);
    }

    static Map<String, @Nullable Object> item(
            RequestFields item, Function<String, @Nullable Map<String, @Nullable Object>> kept) {
        String type = item.string("type", item.has("role") ? "message" : "item_reference");
        return switch (type) {
            case "message" -> message(item);
            case "function_call" -> {
                item.required("name");
                yield complete(item, "fc_", item.required("call_id"));
            }
            case "function_call_output" -> {
                if (!(item.value("output") instanceof String)) {
                    texts(item, "output");
                }
                yield complete(item, "fco_", item.required("call_id"));
            }
            case "reasoning" -> complete(item, "rs_", "");
            case "item_reference" -> {
                String id = item.required("id");
                Map<String, @Nullable Object> found = kept.apply(id);
                if (found == null) {
                    throw item.invalid("id", "there is no item '" + id + "'");
                }
                yield found;
            }
            default -> throw item.invalid("type", "items of type '" + type + "' are not supported");
        };
    }

    private static Map<String, @Nullable Object> complete(
            RequestFields item, String prefix, String callId) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("id", item.string("id", prefix + OpenAiChatReply.newId()));
        values.putAll(item.values());
        if (!callId.isEmpty()) {
            values.put("status", item.string("status", "completed"));
        }
        return values;
    }

    private static Map<String, @Nullable Object> message(RequestFields item) {
        String role = item.required("role");
        if (!List.of("user", "assistant", "system", "developer").contains(role)) {
            throw item.invalid("role", "expected user, assistant, system or developer");
        }
        Map<String, @Nullable Object> message = message(role, "");
        message.put("id", item.string("id", String.valueOf(message.get("id"))));
        message.put(
                "content", texts(item, "content").stream().map(text -> part(role, text)).toList());
        return message;
    }

    /// A text, or the texts of a list of parts.
    private static List<String> texts(RequestFields item, String name) {
        if (item.value(name) instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        for (RequestFields part : item.objects(name)) {
            String type = part.required("type");
            texts.add(
                    switch (type) {
                        case "input_text", "output_text", "text" -> part.required("text");
                        case "refusal" -> part.required("refusal");
                        case "input_image" ->
                                throw part.invalid("type", "this model cannot see images");
                        default ->
                                throw part.invalid(
                                        "type", "parts of type '" + type + "' are not supported");
                    });
        }
        return texts;
    }

    /// The items as a conversation for a chat template.
    static List<Message> messages(List<Map<String, @Nullable Object>> items) {
        List<Object> messages = new ArrayList<>();
        Map<String, Object> names = new HashMap<>();
        StringBuilder thoughts = new StringBuilder();
        for (Map<String, @Nullable Object> values : items) {
            RequestFields item = new RequestFields(values);
            switch (item.string("type", "message")) {
                case "function_call" -> {
                    names.put(item.required("call_id"), item.required("name"));
                    call(messages, item, thoughts);
                }
                case "function_call_output" ->
                        messages.add(
                                HttpJson.object(
                                        "role", "tool",
                                        "tool_call_id", item.value("call_id"),
                                        "name", names.get(item.required("call_id")),
                                        "content", String.join("", texts(item, "output"))));
                case "reasoning" -> thoughts.append(thoughts(item));
                default -> {
                    Map<String, @Nullable Object> message =
                            HttpJson.object(
                                    "role", item.value("role"),
                                    "content", String.join("", texts(item, "content")));
                    think(message, thoughts);
                    messages.add(message);
                }
            }
        }
        return ChatMessages.of(new RequestFields(HttpJson.object("messages", messages)));
    }

    // Templates of models that reason want their thoughts back in this field.
    private static void think(Map<String, @Nullable Object> message, StringBuilder thoughts) {
        if (!thoughts.isEmpty() && "assistant".equals(message.get("role"))) {
            message.put("reasoning_content", thoughts.toString());
            thoughts.setLength(0);
        }
    }

    private static String thoughts(RequestFields item) {
        StringBuilder text = new StringBuilder();
        for (String field : List.of("content", "summary")) {
            if (text.isEmpty()) {
                item.objects(field).forEach(part -> text.append(part.string("text", "")));
            }
        }
        return text.toString();
    }

    /// Calls that follow each other are one message's.
    @SuppressWarnings("unchecked")
    private static void call(List<Object> messages, RequestFields item, StringBuilder thoughts) {
        Map<String, @Nullable Object> call =
                HttpJson.object(
                        "id", item.value("call_id"),
                        "type", "function",
                        "function",
                                HttpJson.object(
                                        "name", item.value("name"),
                                        "arguments", item.value("arguments")));
        if (!messages.isEmpty()
                && messages.getLast() instanceof Map<?, ?> last
                && "assistant".equals(last.get("role"))) {
            Map<String, @Nullable Object> message = (Map<String, @Nullable Object>) last;
            List<Object> calls = new ArrayList<>();
            if (message.get("tool_calls") instanceof List<?> earlier) {
                calls.addAll(earlier);
            }
            calls.add(call);
            message.put("tool_calls", calls);
            return;
        }
        Map<String, @Nullable Object> message =
                HttpJson.object("role", "assistant", "content", "", "tool_calls", List.of(call));
        think(message, thoughts);
        messages.add(message);
    }
}
