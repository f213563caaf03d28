package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.FinishReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One response being made: reads the answer, tells the events, ends the response object.
final class ResponseRun {
    /// Hears numbered events.
    @FunctionalInterface
    interface Listener {
        void event(Map<String, @Nullable Object> event) throws IOException;
    }

    private final ResponseRequest request;
    private final ResponseObject response;
    private final Listener listener;
    private final ResponseOutput output;
    private int sequence;
    private volatile boolean cancelled;
    private volatile Runnable canceller = () -> {};

    ResponseRun(ResponseRequest request, ResponseObject response, Listener listener) {
        this.request = request;
        this.response = response;
        this.listener = listener;
        output = new ResponseOutput(request.logprobs() >= 0, this::event);
    }

    private synchronized void event(String type, Map<String, @Nullable Object> fields)
            throws IOException {
        Map<String, @Nullable Object> event =
                HttpJson.object("type", "response." + type, "sequence_number", sequence++);
        event.putAll(fields);
        listener.event(event);
    }

    private void state(String type) throws IOException {
        event(type, HttpJson.object("response", json()));
    }

    /// The response as it is now.
    synchronized Map<String, @Nullable Object> json() {
        response.output(List.copyOf(output.items()));
        return response.json();
    }

    ResponseObject response() {
        return response;
    }

    ResponseOutput output() {
        return output;
    }

    /// Tells that the response exists.
    void created() throws IOException {
        state("created");
        if (response.status().equals("queued")) {
            state("queued");
        }
    }

    /// How to end it early.
    void whenCancelled(Runnable action) {
        canceller = action;
        if (cancelled) {
            action.run();
        }
    }

    void cancel() {
        cancelled = true;
        canceller.run();
    }

    /// Reads the answer to its end, whose kind the status tells then.
    void read(HttpExchange exchange, ModelLease lease, Answers answers) throws IOException {
        response.status("in_progress");
        state("in_progress");
        AnswerText text = new AnswerText(request.choice());
        Logprobs logprobs = new Logprobs(lease.llm().tokenizer());
        List<Object> scores = new ArrayList<>();
        int[] calls = new int[1];
        answers.read(
                (_, token) -> {
                    if (request.logprobs() >= 0 && !token.isText()) {
                        scores.add(logprobs.entry(token));
                    }
                    write(text, text.add(token.text()), scores, calls);
                },
                (_, answer) -> {
                    write(text, text.end(), scores, calls);
                    boolean whole = answer.finishReason() != FinishReason.LENGTH;
                    output.close(whole ? "completed" : "incomplete");
                    response.ended(whole, answer.usage());
                });
    }

    private void write(AnswerText text, String shown, List<Object> scores, int[] calls)
            throws IOException {
        if (!shown.isEmpty()) {
            output.text(shown, List.copyOf(scores));
            scores.clear();
        }
        List<AnswerText.Call> all = text.calls();
        while (calls[0] < all.size() && !(request.oneCall() && calls[0] > 0)) {
            AnswerText.Call call = all.get(calls[0]++);
            output.call(call.name(), call.arguments());
        }
    }

    /// The last event, with the response as it stays.
    void ended() throws IOException {
        state(response.status());
    }

    void failed(HttpException problem) throws IOException {
        if (cancelled) {
            output.close("incomplete");
            response.status("cancelled");
        } else {
            response.failed(problem);
            state("failed");
        }
    }
}
