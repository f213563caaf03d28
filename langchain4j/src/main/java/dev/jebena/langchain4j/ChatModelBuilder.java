package dev.jebena.langchain4j;

import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the builders of both chat models take. What a request says itself comes before it.
public abstract sealed class ChatModelBuilder<B extends ChatModelBuilder<B>>
        permits JebenaChatModel.Builder, JebenaStreamingChatModel.Builder {
    private final DefaultChatRequestParameters.Builder<?> parameters =
            new DefaultChatRequestParameters.Builder<>();
    private @Nullable ChatRequestParameters given;
    private @Nullable Llm llm;
    private @Nullable Generation generation;
    private @Nullable Long seed;
    private @Nullable Duration timeout;
    private List<ChatModelListener> listeners = List.of();
    private boolean strict;

    ChatModelBuilder() {}

    abstract B self();

    /// The model, which stays its owner's to close.
    public B llm(Llm llm) {
        this.llm = llm;
        return self();
    }

    /// What LangChain4j has no parameter for: seed, min-p, penalties of repetition, ... Its
    /// parameters, where given, come before it. Default: what the model's file suggests.
    public B generation(Generation generation) {
        this.generation = generation;
        return self();
    }

    public B seed(long seed) {
        this.seed = seed;
        return self();
    }

    /// How long an answer may take; then the call fails with a TimeoutException.
    public B timeout(Duration limit) {
        timeout = limit;
        return self();
    }

    /// The name in answers (default: the model's own). A request for another is refused.
    public B modelName(String name) {
        parameters.modelName(name);
        return self();
    }

    public B temperature(Double temperature) {
        parameters.temperature(temperature);
        return self();
    }

    public B topP(Double topP) {
        parameters.topP(topP);
        return self();
    }

    public B topK(Integer topK) {
        parameters.topK(topK);
        return self();
    }

    public B frequencyPenalty(Double penalty) {
        parameters.frequencyPenalty(penalty);
        return self();
    }

    public B presencePenalty(Double penalty) {
        parameters.presencePenalty(penalty);
        return self();
    }

    public B maxOutputTokens(Integer tokens) {
        parameters.maxOutputTokens(tokens);
        return self();
    }

    public B stopSequences(List<String> texts) {
        parameters.stopSequences(texts);
        return self();
    }

    public B toolSpecifications(List<ToolSpecification> tools) {
        parameters.toolSpecifications(tools);
        return self();
    }

    public B toolChoice(ToolChoice choice) {
        parameters.toolChoice(choice);
        return self();
    }

    public B responseFormat(ResponseFormat format) {
        parameters.responseFormat(format);
        return self();
    }

    /// All parameters at once; those that were set one by one come before them.
    public B defaultRequestParameters(ChatRequestParameters parameters) {
        given = parameters;
        return self();
    }

    public B listeners(List<ChatModelListener> listeners) {
        this.listeners = List.copyOf(listeners);
        return self();
    }

    /// Every field of a JSON Schema has to be in the answer, those that may be absent as null
    /// (default: what the schema itself requires). Small models leave out what they may.
    public B strictJsonSchema(boolean strict) {
        this.strict = strict;
        return self();
    }

    private Generation options(Llm llm) {
        Generation options = generation == null ? llm.suggested(Generation.defaults()) : generation;
        if (seed != null) {
            options = options.seed(seed);
        }
        return timeout == null ? options : options.timeLimit(timeout);
    }

    ChatEngine engine() {
        if (llm == null) {
            throw new IllegalArgumentException("llm is missing: builder().llm(Llm.load(path))");
        }
        ChatRequestParameters own = parameters.build();
        ChatRequestParameters all = given == null ? own : given.overrideWith(own);
        return new ChatEngine(llm, options(llm), all, listeners, strict);
    }
}
