package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.base.InnerExchange;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `POST /v1/responses`: answers at once, as a stream of events, or in the background.
final class OpenAiResponses {
    private static final int MOST_IN_BACKGROUND = 256;

    private final ModelAccess models;
    private final ResponseStore store;
    private final OpenAiConversations conversations;

    OpenAiResponses(ModelAccess models, ResponseStore store, OpenAiConversations conversations) {
        this.models = models;
        this.store = store;
        this.conversations = conversations;
    }

    /// A request with what the model is to read.
    private record Asked(
            ResponseRequest request,
            List<Map<String, @Nullable Object>> input,
            List<Message> messages) {}

    void create(HttpExchange exchange) throws IOException {
        Asked asked = asked(exchange);
        if (asked.request().background()) {
            inBackground(exchange, asked);
        } else {
            atOnce(exchange, asked);
        }
    }

    private Asked asked(HttpExchange exchange) {
        ResponseRequest request = ResponseRequest.of(new RequestFields(exchange.json()));
        List<Map<String, @Nullable Object>> before = before(request);
        List<Map<String, @Nullable Object>> input =
                ResponseItems.of(
                        request.fields(),
                        id ->
                                before.stream()
                                        .filter(i -> id.equals(i.get("id")))
                                        .findFirst()
                                        .orElse(null));
        if (input.isEmpty() && before.isEmpty()) {
            throw HttpException.invalid(
                    "input",
                    "One of 'input', 'previous_response_id' and 'conversation' must be there");
        }
        List<Message> messages = new ArrayList<>();
        String instructions = request.fields().string("instructions");
        if (instructions != null) {
            messages.add(Message.system(instructions));
        }
        messages.addAll(
                ResponseItems.messages(Stream.concat(before.stream(), input.stream()).toList()));
        return new Asked(request, input, messages);
    }

    private List<Map<String, @Nullable Object>> before(ResponseRequest request) {
        String previous = request.previous();
        String conversation = request.conversation();
        return previous != null
                ? store.history(previous)
                : conversation != null ? conversations.items(conversation) : List.of();
    }

    private void atOnce(HttpExchange exchange, Asked asked) throws IOException {
        ResponseRequest request = asked.request();
        ResponseObject response = new ResponseObject(request);
        try (ModelLease lease = models.open(request.model());
                Begun begun = start(exchange, lease, asked)) {
            if (!request.stream()) {
                ResponseRun run = new ResponseRun(request, response, _ -> {});
                run.read(exchange, lease, begun.answers(), begun.text());
                keep(run, asked);
                exchange.json(200, run.json());
                return;
            }
            HttpStream stream = exchange.stream(200, "text/event-stream");
            ResponseRun run =
                    new ResponseRun(
                            request,
                            response,
                            event -> ResponseEvents.send(stream, List.of(event)));
            run.created();
            try {
                run.read(exchange, lease, begun.answers(), begun.text());
                keep(run, asked);
                run.ended();
            } catch (RuntimeException e) {
                run.failed(EngineErrors.of(e));
            }
            stream.end();
        }
    }

    /// An answer that is being made, and what takes it apart.
    private record Begun(Answers answers, AnswerText text) implements AutoCloseable {
        @Override
        public void close() {
            answers.close();
        }
    }

    private Begun start(HttpExchange exchange, ModelLease lease, Asked asked) {
        ResponseRequest request = asked.request();
        String prompt = prompt(lease, asked);
        Thinking thinking = Thinking.of(lease, prompt, request.wish());
        Generation options = thinking.over(request.options(lease), lease);
        Answers answers = models.start(exchange, lease, List.of(ids(lease, prompt)), options, 1);
        return new Begun(answers, new AnswerText(request.choice(), thinking));
    }

    private String prompt(ModelLease lease, Asked asked) {
        ResponseRequest request = asked.request();
        List<Message> messages = asked.messages();
        String prompt = prompt(lease, request, messages);
        // Each turn halves what may go, as rendering is what takes time.
        while (request.truncate() && ids(lease, prompt).length >= lease.llm().contextLength()) {
            List<Message> fewer = shortened(messages);
            if (fewer.size() == messages.size()) {
                return prompt;
            }
            messages = fewer;
            prompt = prompt(lease, request, messages);
        }
        return prompt;
    }

    private static String prompt(
            ModelLease lease, ResponseRequest request, List<Message> messages) {
        boolean none = request.choice().kind() == ToolChoice.Kind.NONE;
        return ChatPrompt.of(
                ModelAccess.checked(lease),
                messages,
                none ? List.of() : request.tools(),
                request.wish().variables());
    }

    private static int[] ids(ModelLease lease, String prompt) {
        return ChatPrompt.encode(lease.llm().tokenizer(), prompt);
    }

    /// Without the oldest eighth of what is neither of the system nor the last message.
    private static List<Message> shortened(List<Message> messages) {
        List<Message> kept = new ArrayList<>(messages);
        int droppable = (int) messages.stream().filter(m -> !isSystem(m)).count() - 1;
        int drop = (droppable + 7) / 8;
        for (int i = 0; i < kept.size() && drop > 0; ) {
            if (isSystem(kept.get(i))) {
                i++;
            } else {
                kept.remove(i);
                drop--;
            }
        }
        return kept;
    }

    private static boolean isSystem(Message message) {
        return "system".equals(message.fields().get("role"));
    }

    /// Makes durable what the request says is to be kept.
    private void keep(ResponseRun run, Asked asked) {
        if (asked.request().store()) {
            run.json();
            store.putInput(run.response().id(), asked.input());
            store.put(run.response());
        }
        String conversation = asked.request().conversation();
        if (conversation != null) {
            conversations.append(conversation, asked.input());
            conversations.append(conversation, run.output().items());
        }
    }

    private void inBackground(HttpExchange exchange, Asked asked) throws IOException {
        if (store.running() >= MOST_IN_BACKGROUND) {
            throw HttpException.busy(
                    "The server works on " + MOST_IN_BACKGROUND + " responses in the background",
                    5);
        }
        ResponseRequest request = asked.request();
        // A model that is not here is told at once.
        models.find(request.model());
        ResponseObject response = new ResponseObject(request);
        response.status("queued");
        ResponseEvents events = new ResponseEvents();
        ResponseRun run = new ResponseRun(request, response, events::add);
        InnerExchange inner =
                InnerExchange.post(exchange.path(), Map.of(), exchange.remoteAddress());
        String key = exchange.header("Authorization");
        if (key != null) {
            inner.with("Authorization", key);
        }
        run.whenCancelled(inner::cancel);
        run.json();
        store.putInput(response.id(), asked.input());
        store.put(response);
        store.begin(response.id(), run, events);
        run.created();
        Map<String, @Nullable Object> queued = run.json();
        Thread.ofVirtual().name("jebena-response").start(() -> work(inner, asked, run, events));
        if (request.stream()) {
            events.follow(exchange.stream(200, "text/event-stream"), -1);
        } else {
            exchange.json(200, queued);
        }
    }

    private void work(InnerExchange inner, Asked asked, ResponseRun run, ResponseEvents events) {
        String id = run.response().id();
        try {
            try (ModelLease lease = models.open(asked.request().model());
                    Begun begun = start(inner, lease, asked)) {
                run.read(inner, lease, begun.answers(), begun.text());
                keep(run, asked);
                run.ended();
            } catch (RuntimeException e) {
                run.failed(EngineErrors.of(e));
            } catch (IOException e) {
                run.failed(new HttpException(499, "cancelled", String.valueOf(e.getMessage())));
            }
            run.json();
            store.put(run.response());
            if (asked.request().stream()) {
                store.putEvents(id, events.all());
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("response " + id + " failed: " + e);
        } finally {
            store.end(id);
            events.end();
        }
    }

    /// `POST /v1/responses/input_tokens`.
    void countTokens(HttpExchange exchange) throws IOException {
        Asked asked = asked(exchange);
        try (ModelLease lease = models.open(asked.request().model())) {
            exchange.json(
                    200,
                    HttpJson.object(
                            "object",
                            "response.input_tokens",
                            "input_tokens",
                            ids(lease, prompt(lease, asked)).length));
        }
    }
}
