package dev.jebena.testkit;

import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.TokenizerException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes `role: content` lines; refuses a message with the content `refuse me`, as templates may.
public record FakeChatTemplate(boolean supportsTools, boolean thinks) implements ChatTemplate {
    @Override
    public String render(Map<String, ? extends @Nullable Object> variables) {
        StringBuilder out = new StringBuilder("<s>");
        if (supportsTools && variables.get("tools") != null) {
            out.append("tools: ").append(variables.get("tools")).append('\n');
        }
        if (variables.get("messages") instanceof List<?> messages) {
            for (Object message : messages) {
                Map<?, ?> fields = (Map<?, ?>) message;
                if ("refuse me".equals(fields.get("content"))) {
                    throw new TokenizerException("the template refuses this message");
                }
                out.append(fields.get("role")).append(": ");
                out.append(fields.get("content")).append('\n');
            }
        }
        return out.append("assistant: ").toString();
    }

    @Override
    public String source() {
        String source =
                "{% for message in messages %}{{ message.role }}: {{ message.content }}{% endfor %}";
        return thinks ? source + "{# <think> #}" : source;
    }
}
