package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Constraint;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Message;
import dev.jebena.llm.Token;
import dev.jebena.llm.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `POST /api/chat`.
final class OllamaChat {
    private final ModelAccess models;
    private final OllamaGenerate generate;

    OllamaChat(ModelAccess models, OllamaGenerate generate) {
        this.models = models;
        this.generate = generate;
    }

    void handle(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = OllamaFields.model(request);
        StoredModel model = models.find(name);
        Duration keepAlive = OllamaFields.keepAlive(request);
        boolean stream = request.flag("stream", true);
        if (request.objects("messages").isEmpty()) {
            Map<String, @Nullable Object> empty =
                    HttpJson.object("message", HttpJson.object("role", "assistant", "content", ""));
            generate.loadOrUnload(exchange, name, model, keepAlive, empty);
            return;
        }
        List<Message> messages = ChatMessages.of(request);
        List<Tool> tools = RequestTools.of(request);
        // Ollama itself has no tool_choice; where it is sent it means what it means in OpenAI's
        // API.
        ToolChoice choice = ToolChoice.of(request, tools);
        int context = OllamaFields.contextLength(request);
        try (ModelLease lease = models.open(model, context, keepAlive)) {
            Generation options = OllamaFields.options(request, lease);
            Constraint call = choice.constraint(lease);
            if (call != null) {
                options = options.constraint(call);
            }
            ThinkingWish wish = OllamaFields.think(request, name, lease);
            int[] ids =
                    fittingPrompt(
                            request, ModelAccess.checked(lease), messages, tools, wish.variables());
            String prompt = lease.llm().tokenizer().decode(ids, true);
            Thinking thinking = Thinking.of(lease, prompt, wish);
            options = thinking.over(options, lease);
            try (Answers answers = models.start(exchange, lease, List.of(ids), options, 1)) {
                new Reply(exchange, request, name, lease, new AnswerText(choice, thinking))
                        .run(answers, stream);
            }
        }
    }

    /// The prompt; of a conversation that is too long the oldest messages are left out, but neither
    /// the system message nor the last one.
    private static int[] fittingPrompt(
            RequestFields request,
            ModelLease lease,
            List<Message> all,
            List<Tool> tools,
            Map<String, @Nullable Object> extra) {
        Llm llm = lease.llm();
        List<Message> messages = new ArrayList<>(all);
        while (true) {
            String prompt = ChatPrompt.of(lease, messages, tools, extra);
            int[] ids = ChatPrompt.encode(llm.tokenizer(), prompt);
            int oldest = oldest(messages);
            if (ids.length < llm.contextLength() || !request.flag("truncate", true)) {
                return ids;
            }
            if (oldest < 0) {
                return OllamaGenerate.fitting(request, llm, ids);
            }
            messages.remove(oldest);
        }
    }

    private static int oldest(List<Message> messages) {
        for (int i = 0; i < messages.size() - 1; i++) {
            if (!"system".equals(messages.get(i).fields().get("role"))) {
                return i;
            }
        }
        return -1;
    }

    /// Writes one answer.
    private static final class Reply {
        private final HttpExchange exchange;
        private final boolean scored;
        private final String name;
        private final ModelLease lease;
        private final Logprobs logprobs;
        private final AnswerText text;
        private final List<Object> scores = new ArrayList<>();
        private int sentCalls;

        Reply(
                HttpExchange exchange,
                RequestFields request,
                String name,
                ModelLease lease,
                AnswerText text) {
            this.exchange = exchange;
            this.name = name;
            this.lease = lease;
            scored = request.flag("logprobs", false);
            logprobs = new Logprobs(lease.llm().tokenizer());
            this.text = text;
        }

        void run(Answers answers, boolean streamed) throws IOException {
            if (!streamed) {
                answers.read((_, token) -> add(token), (_, _) -> text.end());
                exchange.json(
                        200, last(answers.get(0), text.content(), text.thought(), text.calls()));
                return;
            }
            OllamaStream.answer(
                    exchange,
                    stream ->
                            answers.read(
                                    (_, token) -> piece(stream, add(token)),
                                    (_, answer) -> {
                                        piece(stream, text.end());
                                        stream.line(last(answer, "", "", List.of()));
                                    }));
        }

        private String add(Token token) {
            if (scored && !token.isText()) {
                scores.add(logprobs.entry(token));
            }
            return text.add(token.text());
        }

        private void piece(HttpStream stream, String piece) throws IOException {
            List<AnswerText.Call> calls = text.calls();
            List<AnswerText.Call> fresh = calls.subList(sentCalls, calls.size());
            String thought = text.takeThought();
            if (!piece.isEmpty() || !fresh.isEmpty() || !thought.isEmpty()) {
                stream.line(line(piece, thought, fresh, false));
                sentCalls = calls.size();
                scores.clear();
            }
        }

        private Map<String, @Nullable Object> line(
                String piece, String thought, List<AnswerText.Call> calls, boolean done) {
            Map<String, @Nullable Object> message =
                    HttpJson.object("role", "assistant", "content", piece);
            if (!thought.isEmpty()) {
                message.put("thinking", thought);
            }
            if (!calls.isEmpty()) {
                message.put("tool_calls", calls.stream().map(Reply::call).toList());
            }
            Map<String, @Nullable Object> line =
                    HttpJson.object(
                            "model", name,
                            "created_at", OllamaFields.now(),
                            "message", message,
                            "done", done);
            if (!scores.isEmpty()) {
                line.put("logprobs", List.copyOf(scores));
            }
            return line;
        }

        private static Map<String, @Nullable Object> call(AnswerText.Call call) {
            Object arguments;
            try {
                arguments = HttpJson.parse(call.arguments().getBytes(StandardCharsets.UTF_8));
            } catch (HttpException _) {
                // Cut short by the token limit: no arguments rather than wrong ones.
                arguments = Map.of();
            }
            return HttpJson.object(
                    "function", HttpJson.object("name", call.name(), "arguments", arguments));
        }

        private Map<String, @Nullable Object> last(
                Answer answer, String all, String thought, List<AnswerText.Call> calls) {
            Map<String, @Nullable Object> line = line(all, thought, calls, true);
            OllamaFields.end(line, exchange, lease, answer);
            return line;
        }
    }
}
