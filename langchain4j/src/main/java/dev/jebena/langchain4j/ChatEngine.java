package dev.jebena.langchain4j;

import dev.jebena.json.Json;
import dev.jebena.llm.Answer;
import dev.jebena.llm.CallForm;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Tool;
import dev.jebena.llm.ToolCall;
import dev.jebena.llm.ToolCallReader;
import dev.jebena.llm.ToolPrompt;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Requests of LangChain4j to answers of an [Llm], whole or in pieces.
///
/// @param generation what the request's parameters are laid over
/// @param parameters defaults that the models tell
/// @param strict whether every field of a schema has to be there
record ChatEngine(
        Llm llm,
        Generation generation,
        ChatRequestParameters parameters,
        List<ChatModelListener> listeners,
        boolean strict) {
    /// Hears an answer while it is made.
    interface Listener {
        /// Hears nothing.
        Listener NONE = new Listener() {};

        default void began(Answer answer) {}

        default void text(String piece) {}

        default void call(int index, ToolExecutionRequest call) {}
    }

    /// Makes the answer; what the engine refuses comes as an exception of LangChain4j.
    ChatResponse answer(ChatRequest request, Listener listener) {
        return EngineExceptions.mapped(() -> {
            ChatRequestParameters asked = request.parameters();
            String name = modelName(asked);
            List<Tool> tools = tools(asked);
            boolean forced = asked.toolChoice() == ToolChoice.REQUIRED && !tools.isEmpty();
            String prompt =
                    ToolPrompt.prompt(llm, ChatMessages.of(request.messages()), tools, Map.of());
            Generation options = Parameters.over(generation, asked);
            Constraint form =
                    forced
                            ? CallForm.of(llm.chatTemplate()).forced(tools)
                            : constraint(asked.responseFormat());
            if (!tools.isEmpty()) {
                options = options.visible(ToolCallReader.SPECIAL);
            }
            try (Answer answer = llm.generate(encoded(prompt), options.constraint(form))) {
                listener.began(answer);
                AiMessage message =
                        forced
                                ? forcedCall(answer, tools, listener)
                                : read(answer, tools, listener);
                return response(message, answer, name);
            }
        });
    }

    /// The prompt's ids; BOS is not added a second time where the template wrote it.
    private int[] encoded(String prompt) {
        String bos =
                llm.tokenizer().bos().isPresent()
                        ? llm.tokenizer().token(llm.tokenizer().bos().getAsInt())
                        : "";
        boolean written = !bos.isEmpty() && prompt.startsWith(bos);
        return llm.tokenizer().encode(prompt, !written, true);
    }

    private String modelName(ChatRequestParameters asked) {
        String own = parameters.modelName() == null ? llm.info().name() : parameters.modelName();
        if (asked.modelName() != null && !asked.modelName().equals(own)) {
            throw new ModelNotFoundException(
                    "this is the model " + own + "; the request names " + asked.modelName());
        }
        return own;
    }

    private static List<Tool> tools(ChatRequestParameters asked) {
        return asked.toolSpecifications() == null || asked.toolChoice() == ToolChoice.NONE
                ? List.of()
                : asked.toolSpecifications().stream().map(Parameters::tool).toList();
    }

    private @Nullable Constraint constraint(@Nullable ResponseFormat format) {
        if (format == null || format.type() != ResponseFormatType.JSON) {
            return null;
        }
        return format.jsonSchema() == null
                ? new Constraint.JsonObject()
                : new Constraint.JsonSchema(
                        Parameters.schema(format.jsonSchema().rootElement(), strict));
    }

    private static AiMessage read(Answer answer, List<Tool> tools, Listener listener) {
        ToolCallReader reader = tools.isEmpty() ? null : new ToolCallReader(tools);
        StringBuilder text = new StringBuilder();
        List<ToolExecutionRequest> calls = new ArrayList<>();
        try {
            while (answer.hasNext()) {
                String piece = answer.next().text();
                tell(reader == null ? piece : reader.add(piece), text, listener);
                if (reader != null) {
                    tellCalls(reader.calls(), calls, listener);
                }
            }
        } catch (NoSuchElementException _) {
            // Cancelled between hasNext and next: the answer has ended here.
        }
        if (reader != null) {
            tell(reader.end(), text, listener);
            tellCalls(reader.calls(), calls, listener);
        }
        return message(text.toString(), calls);
    }

    private static AiMessage message(String text, List<ToolExecutionRequest> calls) {
        if (calls.isEmpty()) {
            return AiMessage.from(text);
        }
        return text.isBlank() ? AiMessage.from(calls) : AiMessage.from(text, calls);
    }

    private static void tell(String piece, StringBuilder text, Listener listener) {
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.text(piece);
        }
    }

    private static void tellCalls(
            List<ToolCall> found, List<ToolExecutionRequest> told, Listener listener) {
        for (int i = told.size(); i < found.size(); i++) {
            ToolExecutionRequest call =
                    ToolExecutionRequest.builder()
                            .id("call_" + UUID.randomUUID().toString().replace("-", ""))
                            .name(found.get(i).name())
                            .arguments(Json.write(found.get(i).arguments()))
                            .build();
            told.add(call);
            listener.call(i, call);
        }
    }

    /// The whole answer is one call; one that the limit cut short is text.
    private static AiMessage forcedCall(Answer answer, List<Tool> tools, Listener listener) {
        String text = answer.text();
        ToolCallReader reader = new ToolCallReader(tools);
        reader.add(text);
        reader.end();
        List<ToolExecutionRequest> calls = new ArrayList<>();
        tellCalls(reader.calls(), calls, listener);
        return message(calls.isEmpty() ? text : "", calls);
    }

    private static ChatResponse response(AiMessage message, Answer answer, String model) {
        int prompt = answer.usage().promptTokens();
        int made = answer.usage().answerTokens();
        return ChatResponse.builder()
                .aiMessage(message)
                .metadata(
                        ChatResponseMetadata.builder()
                                .id("chat-" + UUID.randomUUID())
                                .modelName(model)
                                .tokenUsage(new TokenUsage(prompt, made, prompt + made))
                                .finishReason(reason(message, answer))
                                .build())
                .build();
    }

    private static FinishReason reason(AiMessage message, Answer answer) {
        if (message.hasToolExecutionRequests()) {
            return FinishReason.TOOL_EXECUTION;
        }
        return switch (answer.finishReason()) {
            case LENGTH -> FinishReason.LENGTH;
            case END, STOP_STRING -> FinishReason.STOP;
            case null, default -> FinishReason.OTHER;
        };
    }
}
