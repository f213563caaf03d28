package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The messages of a chat request, as chat templates want them: content as one string, the
/// arguments of tool calls as objects.
final class ChatMessages {
    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "function", "ipython");

    private ChatMessages() {}

    /// Throws [HttpException] 400 when there are none or one of them is not valid.
    static List<Message> of(RequestFields request) {
        List<Message> messages = new ArrayList<>();
        for (RequestFields message : request.objects("messages")) {
            messages.add(message(message));
        }
        if (messages.isEmpty()) {
            throw HttpException.invalid(
                    "messages", "Invalid 'messages': expected an array with at least one message");
        }
        return messages;
    }

    private static Message message(RequestFields message) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(message.values());
        String role = message.required("role");
        if (!ROLES.contains(role)) {
            throw message.invalid("role", "unknown role '" + role + "'");
        }
        fields.put(
                "role",
                switch (role) {
                    case "developer" -> "system";
                    case "function" -> "tool";
                    default -> role;
                });
        if (!(message.value("images") instanceof List<?> images) || images.isEmpty()) {
            fields.remove("images");
        } else {
            throw noImages(message, "images");
        }
        fields.put("content", content(message));
        List<RequestFields> calls = message.objects("tool_calls");
        if (calls.isEmpty()) {
            fields.remove("tool_calls");
        } else {
            fields.put("tool_calls", calls.stream().map(ChatMessages::call).toList());
        }
        fields.values().removeIf(v -> v == null);
        return new Message(fields);
    }

    private static String content(RequestFields message) {
        return switch (message.value("content")) {
            case null -> "";
            case String text -> text;
            case List<?> _ -> parts(message);
            default -> throw message.invalid("content", "expected a string or an array of parts");
        };
    }

    private static String parts(RequestFields message) {
        StringBuilder text = new StringBuilder();
        for (RequestFields part : message.objects("content")) {
            String type = part.required("type");
            switch (type) {
                case "text", "input_text", "output_text" -> text.append(part.required("text"));
                case "refusal" -> text.append(part.required("refusal"));
                case "image_url", "input_image" -> throw noImages(part, "type");
                default ->
                        throw part.invalid(
                                "type", "parts of type '" + type + "' are not supported");
            }
        }
        return text.toString();
    }

    private static HttpException noImages(RequestFields fields, String name) {
        return fields.invalid(name, "this model cannot see images");
    }

    private static Map<String, @Nullable Object> call(RequestFields call) {
        RequestFields function = call.object("function");
        if (function == null) {
            throw call.invalid("function", "expected the name and arguments of a function");
        }
        Map<String, @Nullable Object> called = new LinkedHashMap<>();
        called.put("name", function.required("name"));
        called.put("arguments", arguments(function));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(call.values());
        fields.put("type", "function");
        fields.put("function", called);
        return fields;
    }

    private static Object arguments(RequestFields function) {
        return switch (function.value("arguments")) {
            case null -> Map.of();
            case Map<?, ?> map -> map;
            case String text -> parsed(text);
            default -> throw function.invalid("arguments", "expected an object or its JSON");
        };
    }

    // A model's own broken JSON comes back in the history; it must not end the conversation.
    private static Object parsed(String text) {
        try {
            Object value = HttpJson.parse(text.getBytes(StandardCharsets.UTF_8));
            return value == null ? text : value;
        } catch (HttpException _) {
            return text;
        }
    }
}
