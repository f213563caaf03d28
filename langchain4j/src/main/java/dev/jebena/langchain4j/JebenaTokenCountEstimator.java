package dev.jebena.langchain4j;

import dev.jebena.llm.Llm;
import dev.jebena.llm.Message;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.List;
import java.util.Map;

/// Counts tokens exactly: by the model's own tokenizer, and for messages by its chat template.
public final class JebenaTokenCountEstimator implements TokenCountEstimator {
    private final Llm llm;

    private JebenaTokenCountEstimator(Llm llm) {
        this.llm = llm;
    }

    public static JebenaTokenCountEstimator of(Llm llm) {
        return new JebenaTokenCountEstimator(llm);
    }

    @Override
    public int estimateTokenCountInText(String text) {
        return llm.tokenizer().encode(text, false, false).length;
    }

    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
        return estimateTokenCountInMessages(List.of(message));
    }

    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
        List<Message> all = ChatMessages.of(messages);
        return all.isEmpty() ? 0 : llm.tokenizer().encode(llm.prompt(all, Map.of())).length;
    }
}
