package dev.jebena.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A conversation that is kept as messages; each question renders the whole of it.
final class LocalChat implements Chat {
    private final Llm llm;
    private final Generation options;
    private final List<Message> messages = new ArrayList<>();
    private @Nullable Answer open;

    LocalChat(Llm llm, Generation options) {
        this.llm = llm;
        this.options = options;
    }

    @Override
    public String ask(String message) {
        try (Answer answer = stream(message)) {
            return answer.text();
        }
    }

    @Override
    public Answer stream(String message) {
        close();
        messages.add(Message.user(message));
        try {
            Answer answer = llm.generate(llm.prompt(messages, Map.of()), options);
            open = new RecordedAnswer(answer, text -> messages.add(Message.assistant(text)));
            return open;
        } catch (RuntimeException e) {
            // What was not asked is not part of the conversation.
            messages.removeLast();
            throw e;
        }
    }

    @Override
    public List<Message> messages() {
        return List.copyOf(messages);
    }

    /// Ends the answer under way, which makes what was read of it part of the conversation.
    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
