package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Token;
import dev.jebena.llm.TokenLogprob;
import dev.jebena.llm.TokenRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How likely a model finds the tokens of a prompt: it is made to write them.
final class PromptScores {
    private PromptScores() {}

    /// The prompt's tokens with their log-probabilities, the likeliest others with them. The first
    /// one, which nothing precedes, has NaN.
    ///
    /// @param options of the request; its adapters change the probabilities
    /// @param top likeliest tokens at each place
    static List<Token> of(
            HttpExchange exchange,
            ModelAccess models,
            ModelLease lease,
            int[] prompt,
            Generation options,
            int top)
            throws IOException {
        List<Token> tokens = new ArrayList<>();
        tokens.add(new Token(prompt[0], "", Float.NaN, List.of()));
        if (prompt.length == 1) {
            return tokens;
        }
        List<Integer> rest = IntStream.of(prompt).skip(1).boxed().toList();
        Generation forced =
                Generation.defaults()
                        .temperature(0)
                        .logprobs(top)
                        .maxTokens(rest.size())
                        .adapters(options.adapters())
                        .priority(options.priority())
                        .tokens(TokenRules.none().forced(rest));
        ModelAccess.checkLength(ModelAccess.generating(lease), prompt.length);
        Generation asked = RequestTerms.apply(exchange, forced, null);
        try (Answer answer = models.start(lease, new int[] {prompt[0]}, asked);
                HttpExchange.AutoCloseableHandle _ = exchange.whenGone(answer::close)) {
            while (answer.hasNext()) {
                Token token = answer.next();
                if (!token.isText()) {
                    tokens.add(token);
                }
            }
        }
        if (tokens.size() < prompt.length) {
            throw new IOException("the client went away while its prompt was being scored");
        }
        return tokens;
    }

    /// vLLM's `prompt_logprobs`: null, then for each place the tokens by their ids.
    static List<@Nullable Object> json(List<Token> tokens, Logprobs logprobs) {
        List<@Nullable Object> places = new ArrayList<>();
        places.add(null);
        for (Token token : tokens.subList(1, tokens.size())) {
            Map<String, @Nullable Object> place = new LinkedHashMap<>();
            place.put(
                    String.valueOf(token.id()), entry(logprobs, token.id(), token.logprob(), null));
            int rank = 1;
            for (TokenLogprob other : token.top()) {
                place.put(
                        String.valueOf(other.id()),
                        entry(logprobs, other.id(), other.logprob(), rank++));
            }
            places.add(place);
        }
        return places;
    }

    private static Map<String, @Nullable Object> entry(
            Logprobs logprobs, int id, float logprob, @Nullable Integer rank) {
        return HttpJson.object(
                "logprob", Logprobs.finite(logprob),
                "rank", rank,
                "decoded_token", logprobs.text(id));
    }
}
