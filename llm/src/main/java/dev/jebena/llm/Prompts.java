package dev.jebena.llm;

import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Turns conversations into prompts: by the model's own chat template, and for a model without one
/// by ChatML where the vocabulary knows it, else as plain text:
///
/// ```text
/// (system text)
///
/// User: (message)
/// Assistant: (answer)
/// User: (message)
/// Assistant:
/// ```
///
/// in which case an answer ends where the model begins to write the user's next message.
final class Prompts {
    private static final String CHATML_START = "<|im_start|>";
    private static final String CHATML_END = "<|im_end|>";
    private static final String NEXT_USER = "\nUser:";

    private final @Nullable String source;
    private final Tokenizer tokenizer;
    private volatile @Nullable ChatTemplate compiled;

    private Prompts(@Nullable String source, Tokenizer tokenizer) {
        this.source = source;
        this.tokenizer = tokenizer;
    }

    /// Reads the template of a GGUF file, `tokenizer.chat_template`.
    static Prompts of(Map<String, Object> metadata, Tokenizer tokenizer) {
        String source =
                metadata.get("tokenizer.chat_template") instanceof String text ? text : null;
        return new Prompts(source, tokenizer);
    }

    /// Compiled on first use; null when the model has none. Throws BAD_MODEL when it is not valid.
    @Nullable ChatTemplate template() {
        if (source == null) {
            return null;
        }
        ChatTemplate known = compiled;
        if (known == null) {
            try {
                known = ChatTemplate.of(source);
            } catch (TokenizerException e) {
                throw new LlmException(
                        LlmException.Code.BAD_MODEL,
                        "the model's chat template cannot be used: " + e.getMessage(),
                        e);
            }
            compiled = known;
        }
        return known;
    }

    /// `options` with what must end an answer under the template in use.
    Generation withStops(Generation options) {
        if (source != null || options.stop().contains(NEXT_USER)) {
            return options;
        }
        List<String> stops = new ArrayList<>(options.stop());
        stops.add(knowsChatMl() ? CHATML_END : NEXT_USER);
        return options.stop(stops);
    }

    String render(List<Message> messages, Map<String, ? extends @Nullable Object> variables) {
        ChatTemplate template = template();
        if (template == null) {
            boolean open = !Boolean.FALSE.equals(variables.get("add_generation_prompt"));
            return knowsChatMl() ? chatMl(messages, open) : plain(messages, open);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("messages", messages.stream().map(Message::fields).toList());
        all.put("add_generation_prompt", true);
        String bos = spelling(tokenizer.bos());
        all.put("bos_token", bos);
        all.put("eos_token", spelling(tokenizer.eos()));
        all.putAll(variables);
        try {
            String prompt = template.render(all);
            // The tokenizer adds BOS itself, and a second one would change the answer.
            boolean twice = tokenizer.addsBos() && !bos.isEmpty() && prompt.startsWith(bos);
            return twice ? prompt.substring(bos.length()) : prompt;
        } catch (TokenizerException e) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private String spelling(OptionalInt id) {
        return id.isPresent() ? tokenizer.token(id.getAsInt()) : "";
    }

    private boolean knowsChatMl() {
        return tokenizer.id(CHATML_START).isPresent();
    }

    private static String chatMl(List<Message> messages, boolean open) {
        StringBuilder out = new StringBuilder();
        for (Message message : messages) {
            out.append(CHATML_START).append(role(message)).append('\n');
            out.append(content(message)).append(CHATML_END).append('\n');
        }
        return open ? out.append(CHATML_START).append("assistant\n").toString() : out.toString();
    }

    private static String plain(List<Message> messages, boolean open) {
        StringBuilder out = new StringBuilder();
        for (Message message : messages) {
            String content = content(message);
            switch (role(message)) {
                case "system", "developer" -> out.append(content).append("\n\n");
                case "assistant" -> out.append("Assistant: ").append(content).append('\n');
                case "user" -> out.append("User: ").append(content).append('\n');
                default -> out.append(role(message)).append(": ").append(content).append('\n');
            }
        }
        return open ? out.append("Assistant:").toString() : out.toString();
    }

    private static String role(Message message) {
        return message.fields().get("role") instanceof String role ? role : "user";
    }

    /// A message's text: itself, or the texts among its parts.
    private static String content(Message message) {
        Object content = message.fields().get("content");
        if (content instanceof List<?> contentParts) {
            StringBuilder out = new StringBuilder();
            for (Object part : contentParts) {
                if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
                    out.append(text);
                }
            }
            return out.toString();
        }
        return content == null ? "" : content.toString();
    }
}
