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
        output = new ResponseOutput(request.summary(), this::event);
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
        response.output(output.items());
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
    ///
    /// @param text takes the answer apart
    void read(HttpExchange exchange, ModelLease lease, Answers answers, AnswerText text)
            throws IOException {
        response.status("in_progress");
        state("in_progress");
        Logprobs logprobs = new Logprobs(lease.llm().tokenizer());
        List<Object> scores = new ArrayList<>();
        SentCalls calls = new SentCalls();
        answers.read(
                (_, token) -> {
                    int thought = text.thinkingTokens();
                    String shown = text.add(token.text());
                    if (text.thinkingTokens() > thought) {
                        // Those before it were held back: they turned out to begin the thinking.
                        scores.clear();
                    } else if (request.logprobs() >= 0 && !token.isText()) {
                        scores.add(logprobs.entry(token));
                    }
                    write(text, shown, scores, calls);
                },
                (_, answer) -> {
                    write(text, text.end(), scores, calls);
                    boolean whole = answer.finishReason() != FinishReason.LENGTH;
                    output.close(whole ? "completed" : "incomplete");
                    response.ended(whole, answer.usage(), text.thinkingTokens());
                });
    }

    // What goes on with a call comes before text, which would end it; a new call comes after.
    private void write(AnswerText text, String shown, List<Object> scores, SentCalls sent)
            throws IOException {
        output.thought(text.takeThought());
        List<SentCalls.Piece> pieces = sent.fresh(text);
        boolean goesOn = !pieces.isEmpty() && !pieces.getFirst().begins();
        if (goesOn) {
            call(pieces.getFirst());
        }
        if (!shown.isEmpty()) {
            output.text(shown, List.copyOf(scores));
            scores.clear();
        }
        for (SentCalls.Piece piece : goesOn ? pieces.subList(1, pieces.size()) : pieces) {
            call(piece);
        }
    }

    private void call(SentCalls.Piece piece) throws IOException {
        if (piece.index() == 0 || !request.oneCall()) {
            output.call(piece);
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
