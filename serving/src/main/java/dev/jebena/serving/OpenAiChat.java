package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Message;
import dev.jebena.llm.Tool;
import dev.jebena.tokenizers.ChatTemplate;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `POST /v1/chat/completions`.
final class OpenAiChat {
    private static final int MAX_CHOICES = 128;

    private final ModelAccess models;
    private final ReplyExtras extras;
    private final @Nullable ChatStore store;

    OpenAiChat(ModelAccess models, ReplyExtras extras) {
        this(models, extras, null);
    }

    /// @param store keeps completions that are to be kept; null where none are
    OpenAiChat(ModelAccess models, ReplyExtras extras, @Nullable ChatStore store) {
        this.store = store;
        this.models = models;
        this.extras = extras;
    }

    void handle(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        List<Message> messages = ChatMessages.of(request);
        String prefill = prefill(request, messages);
        List<Tool> tools = RequestTools.of(request);
        ToolChoice choice = ToolChoice.of(request, tools);
        RequestFields streamOptions = request.object("stream_options");
        boolean usage = streamOptions != null && streamOptions.flag("include_usage", false);
        Constraint format = OutputFormat.ofOpenAi(request);
        ThinkingWish wish = ThinkingWish.ofOpenAi(request);
        Map<String, @Nullable Object> extra = wish.variables();
        extra.putAll(templateVariables(request));
        try (ModelLease lease = models.open(request.required("model"))) {
            String prompt =
                    ChatPrompt.of(
                            ModelAccess.checked(lease),
                            template(request, lease),
                            messages,
                            choice.kind() == ToolChoice.Kind.NONE ? List.of() : tools,
                            extra);
            Thinking thinking = Thinking.of(lease, prompt + prefill, wish);
            Generation options = thinking.over(options(request, lease, choice, format), lease);
            int[] ids = ids(request, lease, prompt + prefill);
            OpenAiChatReply reply =
                    new OpenAiChatReply(
                            request, lease, ids, choice, thinking, options.logprobs() >= 0, usage);
            answer(exchange, request, lease, ids, options, reply);
        }
    }

    private static int[] ids(RequestFields request, ModelLease lease, String prompt) {
        int[] ids = ChatPrompt.encode(lease.llm().tokenizer(), prompt);
        return TokenFields.truncated(request, ids, lease.llm().contextLength());
    }

    private void answer(
            HttpExchange exchange,
            RequestFields request,
            ModelLease lease,
            int[] ids,
            Generation options,
            OpenAiChatReply reply)
            throws IOException {
        int n = request.integer("n", 1, MAX_CHOICES, 1);
        boolean stream = request.flag("stream", false);
        Beams beams = Beams.of(request, n, stream);
        Map<String, @Nullable Object> ofPrompt = ofPrompt(exchange, request, lease, ids, options);
        try (Answers answers =
                beams == null
                        ? models.start(exchange, lease, List.of(ids), options, n)
                        : models.search(exchange, lease, List.of(ids), options, beams, n)) {
            if (stream) {
                reply.stream(exchange, answers, n, whole -> keep(request, whole));
            } else {
                Map<String, @Nullable Object> whole = reply.whole(answers, n);
                whole.putAll(ofPrompt);
                extras.add(whole, lease, answers.get(0));
                keep(request, whole);
                exchange.json(200, whole);
            }
        }
    }

    private void keep(RequestFields request, Map<String, @Nullable Object> reply) {
        if (store != null) {
            store.offer(request, reply);
        }
    }

    /// vLLM's `prompt_logprobs`, where they are wanted.
    private Map<String, @Nullable Object> ofPrompt(
            HttpExchange exchange,
            RequestFields request,
            ModelLease lease,
            int[] ids,
            Generation options)
            throws IOException {
        int top = ReplyFields.of(request).promptLogprobs();
        return top < 0
                ? Map.of()
                : HttpJson.object(
                        "prompt_logprobs",
                        PromptScores.json(
                                PromptScores.of(exchange, models, lease, ids, options, top),
                                new Logprobs(lease.llm().tokenizer())));
    }

    /// The request's own template, else the model's.
    private static @Nullable ChatTemplate template(RequestFields request, ModelLease lease) {
        String own = request.string("chat_template");
        return own == null ? lease.template() : ChatTemplate.of(own);
    }

    private static Map<String, @Nullable Object> templateVariables(RequestFields request) {
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        if (!request.flag("add_generation_prompt", true)) {
            variables.put("add_generation_prompt", false);
        }
        if (request.has("documents")) {
            variables.put("documents", request.list("documents"));
        }
        RequestFields more = request.object("chat_template_kwargs");
        if (more != null) {
            variables.putAll(more.values());
        }
        return variables;
    }

    /// With vLLM's `continue_final_message`, the text of the last message, which is taken out: the
    /// answer goes on from there.
    private static String prefill(RequestFields request, List<Message> messages) {
        if (!request.flag("continue_final_message", false)) {
            return "";
        }
        Map<String, @Nullable Object> last = messages.removeLast().fields();
        if (!"assistant".equals(last.get("role")) || messages.isEmpty()) {
            throw request.invalid(
                    "continue_final_message", "the last message must be the assistant's answer");
        }
        return String.valueOf(last.get("content"));
    }

    private static Generation options(
            RequestFields request,
            ModelLease lease,
            ToolChoice choice,
            @Nullable Constraint format) {
        Generation options = SamplingFields.of(request, lease, Generation.defaults());
        Long limit =
                request.integer(
                        request.has("max_completion_tokens")
                                ? "max_completion_tokens"
                                : "max_tokens",
                        -1,
                        Integer.MAX_VALUE);
        if (limit != null && limit == 0) {
            throw HttpException.invalid("max_tokens", "Invalid 'max_tokens': at least 1, found 0");
        }
        if (limit != null) {
            options = options.maxTokens(limit.intValue());
        }
        int top = request.integer("top_logprobs", 0, 20, 0);
        if (top > 0 && !request.flag("logprobs", false)) {
            throw request.invalid("top_logprobs", "needs 'logprobs': true");
        }
        options = options.logprobs(request.flag("logprobs", false) ? top : -1);
        Constraint call = choice.constraint(lease);
        return options.constraint(call == null ? format : call);
    }
}
