package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Token;
import dev.jebena.llm.TokenLogprob;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes one answer in the shapes of text-generation-inference. A stop string that ended it stays
/// part of the text there.
final class TgiReply {
    /// A token with the text that it made complete, which may grow until the next token comes.
    private static final class Piece {
        final int id;
        final double logprob;
        final List<TokenLogprob> top;
        final boolean special;
        final StringBuilder text;

        Piece(int id, double logprob, List<TokenLogprob> top, boolean special, String text) {
            this.id = id;
            this.logprob = logprob;
            this.top = top;
            this.special = special;
            this.text = new StringBuilder(text);
        }

        Map<String, @Nullable Object> json() {
            return entry(id, text.toString(), logprob, special);
        }
    }

    private final HttpExchange exchange;
    private final Tokenizer tokenizer;
    private final Generation options;
    private final boolean details;
    private final String start;
    private final int promptTokens;
    private final Logprobs logprobs;
    private final List<Token> prefill;

    /// Of the answer that is being read or was chosen.
    private List<Piece> pieces = new ArrayList<>();

    TgiReply(
            HttpExchange exchange,
            RequestFields parameters,
            String inputs,
            ModelLease lease,
            Generation options,
            int promptTokens,
            List<Token> prefill) {
        this.prefill = prefill;
        this.exchange = exchange;
        this.options = options;
        this.promptTokens = promptTokens;
        tokenizer = lease.llm().tokenizer();
        details = parameters.flag("details", false);
        start = parameters.flag("return_full_text", false) ? inputs : "";
        logprobs = new Logprobs(tokenizer);
    }

    private static Map<String, @Nullable Object> entry(
            int id, String text, double logprob, boolean special) {
        return HttpJson.object("id", id, "text", text, "logprob", logprob, "special", special);
    }

    /// Whether it is a token of its own rather than more text of the one before.
    private boolean add(Token token) {
        if (token.isText() && !pieces.isEmpty()) {
            pieces.getLast().text.append(token.text());
            return false;
        }
        pieces.add(
                new Piece(
                        Math.max(0, token.id()),
                        Logprobs.finite(token.logprob()),
                        token.top(),
                        false,
                        token.text()));
        return true;
    }

    private void end(Answer answer) {
        String stopped = answer.stopString();
        if (stopped != null && !pieces.isEmpty()) {
            pieces.getLast().text.append(stopped);
        }
        // A stream needs a last event, so an empty answer shows the token that ended it.
        if (pieces.isEmpty()) {
            int eos = tokenizer.eos().orElse(0);
            pieces.add(new Piece(eos, 0, List.of(), true, ""));
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder(start);
        pieces.forEach(p -> text.append(p.text));
        return text.toString();
    }

    /// Of `count` answers the one with the highest mean log-probability; the others are in its
    /// details.
    void whole(Answers answers, int count, boolean inList) throws IOException {
        List<List<Piece>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new ArrayList<>());
        }
        answers.read(
                (i, token) -> {
                    pieces = all.get(i);
                    add(token);
                },
                (i, answer) -> {
                    pieces = all.get(i);
                    end(answer);
                });
        int best = 0;
        for (int i = 1; i < count; i++) {
            best = mean(all.get(i)) > mean(all.get(best)) ? i : best;
        }
        pieces = all.get(best);
        Map<String, @Nullable Object> reply = HttpJson.object("generated_text", text());
        if (details) {
            Map<String, @Nullable Object> chosen = detailed(answers.get(best));
            if (count > 1) {
                List<Object> others = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    pieces = all.get(i);
                    if (i != best) {
                        Map<String, @Nullable Object> other = detailed(answers.get(i));
                        other.put("generated_text", text());
                        others.add(other);
                    }
                }
                chosen.put("best_of_sequences", others);
            }
            reply.put("details", chosen);
        }
        exchange.json(200, inList ? List.of(reply) : reply);
    }

    private static double mean(List<Piece> pieces) {
        return pieces.stream().mapToDouble(piece -> piece.logprob).average().orElse(0);
    }

    private Map<String, @Nullable Object> detailed(Answer answer) {
        Map<String, @Nullable Object> all = ending(answer);
        all.put("prefill", prefill.stream().map(this::ofPrompt).toList());
        all.put("tokens", pieces.stream().map(Piece::json).toList());
        all.put("top_tokens", pieces.stream().map(this::top).toList());
        return all;
    }

    private Map<String, @Nullable Object> ofPrompt(Token token) {
        boolean first = Float.isNaN(token.logprob());
        return HttpJson.object(
                "id", token.id(),
                "text", logprobs.text(token.id()),
                "logprob", first ? null : Logprobs.finite(token.logprob()));
    }

    private Map<String, @Nullable Object> ending(Answer answer) {
        FinishReason finish = answer.finishReason();
        return HttpJson.object(
                "finish_reason",
                finish == FinishReason.LENGTH
                        ? "length"
                        : finish == FinishReason.STOP_STRING ? "stop_sequence" : "eos_token",
                "generated_tokens",
                pieces.size(),
                "seed",
                options.temperature() > 0 ? answer.seed() : null);
    }

    private List<Object> top(Piece piece) {
        List<Object> top = new ArrayList<>();
        for (TokenLogprob other : piece.top) {
            int id = other.id();
            double logprob = Logprobs.finite(other.logprob());
            top.add(entry(id, logprobs.text(id), logprob, tokenizer.isSpecial(id)));
        }
        return top;
    }

    void stream(Answers answers) throws IOException {
        HttpStream stream = exchange.stream(200, "text/event-stream");
        try {
            answers.read(
                    (_, token) -> {
                        if (add(token) && pieces.size() > 1) {
                            stream.event(event(pieces.size() - 1, null, null));
                        }
                    },
                    (_, answer) -> {
                        end(answer);
                        Map<String, @Nullable Object> ending = ending(answer);
                        ending.put("input_length", promptTokens);
                        stream.event(event(pieces.size(), text(), ending));
                    });
        } catch (RuntimeException e) {
            stream.event(TgiRoutes.error(EngineErrors.of(e)));
        }
        stream.end();
    }

    /// @param index of the token, from 1
    private Map<String, @Nullable Object> event(
            int index, @Nullable String text, @Nullable Map<String, @Nullable Object> ending) {
        Piece piece = pieces.get(index - 1);
        Map<String, @Nullable Object> event =
                HttpJson.object("index", index, "token", piece.json());
        if (!piece.top.isEmpty()) {
            event.put("top_tokens", top(piece));
        }
        event.put("generated_text", text);
        event.put("details", ending);
        return event;
    }
}
