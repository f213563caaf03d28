package dev.jebena.langchain4j;

import dev.jebena.llm.Answer;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Answers piece by piece, on a virtual thread of its own. A handler that cancels frees the model's
/// place within one step, and hears nothing more.
public final class JebenaStreamingChatModel implements StreamingChatModel {
    private final ChatEngine engine;

    private JebenaStreamingChatModel(ChatEngine engine) {
        this.engine = engine;
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Thread.ofVirtual()
                .name("jebena-chat")
                .start(() -> {
                    Pieces pieces = new Pieces(handler);
                    try {
                        ChatResponse response = engine.answer(request, pieces);
                        if (!pieces.isCancelled()) {
                            handler.onCompleteResponse(response);
                        }
                    } catch (RuntimeException e) {
                        if (!pieces.isCancelled()) {
                            handler.onError(e);
                        }
                    }
                });
    }

    /// Passes pieces on; what a handler throws goes to its own `onError` and ends nothing.
    private static final class Pieces implements ChatEngine.Listener, StreamingHandle {
        private final StreamingChatResponseHandler handler;
        private volatile @Nullable Answer answer;
        private volatile boolean cancelled;

        Pieces(StreamingChatResponseHandler handler) {
            this.handler = handler;
        }

        @Override
        public void began(Answer answer) {
            this.answer = answer;
        }

        @Override
        public void text(String piece) {
            safely(() ->
                    handler.onPartialResponse(
                            new PartialResponse(piece), new PartialResponseContext(this)));
        }

        @Override
        public void call(int index, ToolExecutionRequest call) {
            PartialToolCall part =
                    PartialToolCall.builder()
                            .index(index)
                            .id(call.id())
                            .name(call.name())
                            .partialArguments(call.arguments())
                            .build();
            safely(() -> handler.onPartialToolCall(part, new PartialToolCallContext(this)));
            safely(() -> handler.onCompleteToolCall(new CompleteToolCall(index, call)));
        }

        private void safely(Runnable action) {
            if (cancelled) {
                return;
            }
            try {
                action.run();
            } catch (RuntimeException e) {
                handler.onError(e);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            Answer running = answer;
            if (running != null) {
                running.close();
            }
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return engine.parameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return engine.listeners();
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    /// Settings of a [JebenaStreamingChatModel].
    public static final class Builder extends ChatModelBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        public JebenaStreamingChatModel build() {
            return new JebenaStreamingChatModel(engine());
        }
    }
}
