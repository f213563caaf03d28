package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.llm.Token;
import dev.jebena.llm.TokenLogprob;
import dev.jebena.tokenizers.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Log-probabilities in the protocols' shapes.
final class Logprobs {
    private final Tokenizer tokenizer;
    private final boolean idsAsNames;

    Logprobs(Tokenizer tokenizer) {
        this(tokenizer, false);
    }

    /// @param idsAsNames whether [#name] gives ids in place of texts, which need not be unique
    Logprobs(Tokenizer tokenizer, boolean idsAsNames) {
        this.tokenizer = tokenizer;
        this.idsAsNames = idsAsNames;
    }

    /// What stands for the token in a reply.
    String name(int id) {
        return idsAsNames ? "token_id:" + id : text(id);
    }

    /// The token's own text; half a character becomes U+FFFD.
    String text(int id) {
        return new String(tokenizer.bytes(id, true), StandardCharsets.UTF_8);
    }

    private List<Integer> bytes(int id) {
        List<Integer> bytes = new ArrayList<>();
        for (byte b : tokenizer.bytes(id, true)) {
            bytes.add(b & 0xFF);
        }
        return bytes;
    }

    /// A finite number for JSON: a token that cannot come has no logarithm.
    static double finite(float logprob) {
        return Double.isFinite(logprob) ? Math.min(0, logprob) : -9999;
    }

    /// OpenAI's chat and Ollama: `{token, logprob, bytes, top_logprobs}`.
    Map<String, @Nullable Object> entry(Token token) {
        Map<String, @Nullable Object> entry = one(token.id(), token.logprob(), false);
        entry.put("top_logprobs", token.top().stream().map(t -> one(t, false)).toList());
        return entry;
    }

    /// llama.cpp: `{id, token, bytes, logprob, top_logprobs}`.
    Map<String, @Nullable Object> entryWithIds(Token token) {
        Map<String, @Nullable Object> entry = one(token.id(), token.logprob(), true);
        entry.put("top_logprobs", token.top().stream().map(t -> one(t, true)).toList());
        return entry;
    }

    /// llama.cpp's `post_sampling_probs`: `{id, token, bytes, prob, top_probs}`.
    Map<String, @Nullable Object> entryWithProbabilities(Token token) {
        Map<String, @Nullable Object> entry = probability(token.id(), token.logprob());
        entry.put(
                "top_probs",
                token.top().stream().map(t -> probability(t.id(), t.logprob())).toList());
        return entry;
    }

    private Map<String, @Nullable Object> probability(int id, float logprob) {
        Map<String, @Nullable Object> entry = one(id, logprob, true);
        entry.remove("logprob");
        entry.put("prob", Math.min(1, Math.exp(logprob)));
        return entry;
    }

    private Map<String, @Nullable Object> one(TokenLogprob token, boolean withId) {
        return one(token.id(), token.logprob(), withId);
    }

    private Map<String, @Nullable Object> one(int id, float logprob, boolean withId) {
        Map<String, @Nullable Object> entry = HttpJson.object();
        if (withId) {
            entry.put("id", id);
        }
        entry.put("token", name(id));
        entry.put("logprob", finite(logprob));
        entry.put("bytes", bytes(id));
        return entry;
    }
}
