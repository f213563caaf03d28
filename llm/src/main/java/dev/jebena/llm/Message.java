package dev.jebena.llm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message of a conversation, as chat templates see it: `role`, `content`, and what else a
/// protocol passes on (`tool_calls`, `name`, `tool_call_id`).
public record Message(Map<String, @Nullable Object> fields) {
    public static Message of(String role, String content) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", role);
        fields.put("content", content);
        return new Message(fields);
    }

    public static Message user(String content) {
        return of("user", content);
    }

    public static Message assistant(String content) {
        return of("assistant", content);
    }

    public static Message system(String content) {
        return of("system", content);
    }
}
