package dev.jebena.serving;

import dev.jebena.llm.Message;
import dev.jebena.tokenizers.ChatTemplate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Ids of tool calls in the form that a model's chat template wants to see them again.
enum CallIds {
    OPENAI,
    /// Mistral's templates take ids of nine letters and digits only.
    NINE;

    static CallIds of(@Nullable ChatTemplate template) {
        String source = template == null ? "" : template.source();
        return source.contains("tool_call_id") && source.matches("(?s).*\\blength\\s*!=\\s*9.*")
                ? NINE
                : OPENAI;
    }

    String next() {
        String id = OpenAiChatReply.newId();
        return this == NINE ? id.substring(0, 9) : "call_" + id;
    }

    /// The conversation with ids that the template takes: a call and its result keep one id.
    List<Message> over(List<Message> messages) {
        if (this == OPENAI) {
            return messages;
        }
        List<Message> changed = new ArrayList<>();
        for (Message message : messages) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(message.fields());
            fields.computeIfPresent("tool_call_id", (_, id) -> nine(id));
            fields.computeIfPresent(
                    "tool_calls",
                    (_, calls) ->
                            calls instanceof List<?> list
                                    ? list.stream().map(CallIds::call).toList()
                                    : calls);
            changed.add(new Message(fields));
        }
        return changed;
    }

    private static Object call(Object call) {
        if (!(call instanceof Map<?, ?> map)) {
            return call;
        }
        Map<Object, @Nullable Object> changed = new LinkedHashMap<>(map);
        changed.put("id", nine(map.get("id")));
        return changed;
    }

    private static String nine(@Nullable Object id) {
        String text = String.valueOf(id);
        return text.matches("[A-Za-z0-9]{9}")
                ? text
                : UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "")
                        .substring(0, 9);
    }
}
