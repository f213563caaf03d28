package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `POST /api/v1/chat` of LM Studio: one message to a conversation that the server keeps.
final class LmStudioChat {
    private final ModelAccess models;
    private final StoredChats chats = new StoredChats();

    LmStudioChat(ModelAccess models) {
        this.models = models;
    }

    void handle(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String model = request.required("model");
        refuseUnsupported(request);
        List<Message> messages = messages(request);
        boolean stream = request.flag("stream", false);
        boolean store = request.flag("store", true);
        int context = request.integer("context_length", 1, Integer.MAX_VALUE, 0);
        try (ModelLease lease = models.open(models.find(model), context, null)) {
            Generation options = SamplingFields.of(request, lease, Generation.defaults());
            Long limit = request.integer("max_output_tokens", 1, Integer.MAX_VALUE);
            if (limit != null) {
                options = options.maxTokens(limit.intValue());
            }
            String prompt =
                    ChatPrompt.of(ModelAccess.checked(lease), messages, List.of(), Map.of());
            int[] ids = ChatPrompt.encode(lease.llm().tokenizer(), prompt);
            LmStudioReply reply = new LmStudioReply(exchange, lease, store);
            try (Answers answers = models.start(exchange, lease, List.of(ids), options, 1)) {
                if (store) {
                    reply.whenDone((id, text) -> {
                        messages.add(Message.assistant(text));
                        chats.put(id, messages);
                    });
                }
                if (stream) {
                    reply.stream(answers);
                } else {
                    reply.whole(answers);
                }
            }
        }
    }

    private static void refuseUnsupported(RequestFields request) {
        if (request.value("integrations") instanceof List<?> list && !list.isEmpty()) {
            throw request.invalid("integrations", "plugins and MCP servers are not supported here");
        }
        String reasoning = request.string("reasoning", "off");
        if (!reasoning.equals("off")) {
            throw request.invalid("reasoning", "this model does not reason; expected off");
        }
    }

    private List<Message> messages(RequestFields request) {
        List<Message> messages = new ArrayList<>();
        String system = request.string("system_prompt", "");
        if (!system.isEmpty()) {
            messages.add(Message.system(system));
        }
        String previous = request.string("previous_response_id");
        if (previous != null) {
            List<Message> before = chats.get(previous);
            if (before == null) {
                throw new HttpException(
                                404,
                                "response_not_found",
                                "There is no response '" + previous + "', or no longer")
                        .param("previous_response_id");
            }
            // A new system text takes the place of the old one.
            before.stream()
                    .filter(m -> system.isEmpty() || !"system".equals(m.fields().get("role")))
                    .forEach(messages::add);
        }
        messages.add(Message.user(request.required("input")));
        return messages;
    }
}
