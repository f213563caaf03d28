package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Tool;
import java.io.IOException;
import java.util.List;

/// `POST /v1/messages` and `POST /v1/messages/count_tokens`.
final class AnthropicChat {
    private final ModelAccess models;

    AnthropicChat(ModelAccess models) {
        this.models = models;
    }

    void handle(HttpExchange exchange) throws IOException {
        exchange.set("Request-Id", exchange.requestId());
        RequestFields request = new RequestFields(exchange.json());
        String model = request.required("model");
        AnthropicConversation conversation = AnthropicConversation.of(request);
        List<Tool> tools = AnthropicTools.of(request);
        ToolChoice choice = AnthropicTools.choice(request, tools);
        boolean stream = request.flag("stream", false);
        try (ModelLease lease = models.open(model)) {
            ThinkingWish wish = AnthropicTools.thinking(request);
            String prompt = prompt(lease, conversation, tools, choice, wish);
            int[] ids = ChatPrompt.encode(lease.llm().tokenizer(), prompt);
            Thinking thinking = Thinking.of(lease, prompt, wish);
            Generation options = thinking.over(options(request, lease, choice), lease);
            List<String> stops = SamplingFields.stops(request, "stop_sequences");
            AnthropicReply reply =
                    new AnthropicReply(exchange, model, choice, thinking, stops, ids.length);
            try (Answers answers = models.start(exchange, lease, List.of(ids), options, 1)) {
                if (stream) {
                    reply.stream(answers);
                } else {
                    reply.whole(answers);
                }
            }
        }
    }

    void countTokens(HttpExchange exchange) throws IOException {
        exchange.set("Request-Id", exchange.requestId());
        RequestFields request = new RequestFields(exchange.json());
        String model = request.required("model");
        AnthropicConversation conversation = AnthropicConversation.of(request);
        List<Tool> tools = AnthropicTools.of(request);
        ToolChoice choice = AnthropicTools.choice(request, tools);
        try (ModelLease lease = models.open(model)) {
            ThinkingWish wish = AnthropicTools.thinking(request);
            String prompt = prompt(lease, conversation, tools, choice, wish);
            int[] ids = ChatPrompt.encode(lease.llm().tokenizer(), prompt);
            exchange.json(200, HttpJson.object("input_tokens", ids.length));
        }
    }

    private static String prompt(
            ModelLease lease,
            AnthropicConversation conversation,
            List<Tool> tools,
            ToolChoice choice,
            ThinkingWish wish) {
        String prompt =
                ChatPrompt.of(
                        ModelAccess.checked(lease),
                        conversation.messages(),
                        choice.kind() == ToolChoice.Kind.NONE ? List.of() : tools,
                        wish.variables());
        return prompt + conversation.prefill();
    }

    private static Generation options(RequestFields request, ModelLease lease, ToolChoice choice) {
        Long limit = request.integer("max_tokens", 1, Integer.MAX_VALUE);
        if (limit == null) {
            throw HttpException.invalid("max_tokens", "max_tokens: Field required");
        }
        Generation options =
                SamplingFields.of(request, lease, Generation.defaults())
                        .maxTokens(limit.intValue());
        if (request.has("stop_sequences")) {
            options = options.stop(SamplingFields.stops(request, "stop_sequences"));
        }
        Constraint call = choice.constraint(lease);
        return options.constraint(call == null ? OutputFormat.ofAnthropic(request) : call);
    }
}
