package dev.jebena.serving;

import dev.jebena.llm.Generation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Sampling options of requests and Modelfiles. The protocols name them differently but never give
/// one name two meanings, so this one table reads OpenAI's, vLLM's, llama.cpp's and Ollama's names.
final class SamplingFields {
    static final int MAX_STOPS = 64;

    private SamplingFields() {}

    /// `base` changed by what the fields say; the limit on tokens is not read here.
    ///
    /// @param vocabulary number of token ids, to check `logit_bias`
    private static Generation apply(RequestFields f, Generation base, int vocabulary) {
        Generation g = base;
        g = with(g, f.number("temperature", 0, 100), (o, v) -> o.temperature(v.floatValue()));
        // Ollama and llama.cpp write -1 and 0 for "all".
        Long topK = f.integer("top_k", -1, Integer.MAX_VALUE);
        g = with(g, topK, (o, v) -> o.topK(Math.max(0, v.intValue())));
        g = with(g, f.number("top_p", 0, 1), (o, v) -> o.topP(v.floatValue()));
        g = with(g, f.number("min_p", 0, 1), (o, v) -> o.minP(v.floatValue()));
        Double typical = f.number(f.has("typical_p") ? "typical_p" : "typical", 0, 1);
        g = with(g, typical, (o, v) -> o.typicalP(v.floatValue()));
        String repeat = f.has("repetition_penalty") ? "repetition_penalty" : "repeat_penalty";
        g = with(g, f.number(repeat, 0.01, 100), (o, v) -> o.repeatPenalty(v.floatValue()));
        Long window = f.integer("repeat_last_n", -1, Integer.MAX_VALUE);
        g = with(g, window, (o, v) -> o.repeatWindow(v.intValue()));
        g =
                with(
                        g,
                        f.number("presence_penalty", -100, 100),
                        (o, v) -> o.presencePenalty(v.floatValue()));
        g =
                with(
                        g,
                        f.number("frequency_penalty", -100, 100),
                        (o, v) -> o.frequencyPenalty(v.floatValue()));
        // Ollama and llama.cpp write -1 for "any".
        Long seed = f.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        g = with(g, seed == null || seed == -1 ? null : seed, Generation::seed);
        g = with(g, f.strings("stop"), (o, _) -> o.stop(stops(f, "stop")));
        g = g.ignoreEos(f.flag("ignore_eos", g.ignoreEos()));
        Long least = f.integer("min_tokens", 0, Integer.MAX_VALUE);
        g = with(g, least, (o, v) -> o.minTokens(v.intValue()));
        g = g.sampling(DrawingFields.apply(f, g.sampling()));
        Map<Integer, Float> bias = bias(f, vocabulary);
        return bias.isEmpty() ? g : g.logitBias(bias);
    }

    private static <T> Generation with(
            Generation g, @Nullable T value, BiFunction<Generation, T, Generation> change) {
        return value == null ? g : change.apply(g, value);
    }

    /// The stop strings in field `name`; none when absent.
    static List<String> stops(RequestFields f, String name) {
        List<String> stops = f.strings(name);
        if (stops == null) {
            return List.of();
        }
        if (stops.size() > MAX_STOPS) {
            throw f.invalid(name, "at most " + MAX_STOPS + " strings, found " + stops.size());
        }
        return stops.stream().filter(s -> !s.isEmpty()).toList();
    }

    /// `{"id": bias}` of OpenAI, or `[[id, bias or false], ...]` of llama.cpp.
    private static Map<Integer, Float> bias(RequestFields f, int vocabulary) {
        Map<Integer, Float> bias = new HashMap<>();
        switch (f.value("logit_bias")) {
            case null -> {}
            case Map<?, ?> map -> map.forEach((id, value) -> add(f, bias, id, value, vocabulary));
            case List<?> pairs -> {
                for (Object pair : pairs) {
                    if (!(pair instanceof List<?> two) || two.size() != 2) {
                        throw f.invalid("logit_bias", "expected pairs [token id, bias]");
                    }
                    add(f, bias, two.get(0), two.get(1), vocabulary);
                }
            }
            default -> throw f.invalid("logit_bias", "expected an object of token ids and numbers");
        }
        return bias;
    }

    private static void add(
            RequestFields f,
            Map<Integer, Float> bias,
            @Nullable Object id,
            @Nullable Object value,
            int vocabulary) {
        String text = String.valueOf(id);
        int token = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (token < 0 || token >= vocabulary) {
            throw f.invalid(
                    "logit_bias",
                    "expected token ids from 0 to " + (vocabulary - 1) + ", found " + text);
        }
        if (value instanceof Number number) {
            float amount = number.floatValue();
            // OpenAI: -100 is a ban.
            bias.put(token, amount <= -100 ? Float.NEGATIVE_INFINITY : amount);
        } else if (Boolean.FALSE.equals(value)) {
            bias.put(token, Float.NEGATIVE_INFINITY);
        } else {
            throw f.invalid("logit_bias", "expected numbers, found " + RequestFields.kind(value));
        }
    }

    /// What the request says over the parameters of the model's Modelfile over what its file
    /// suggests over the protocol's own defaults; the request's limit on tokens is not read here.
    ///
    /// @param fields where the sampling fields are; null where the request has none
    static Generation of(@Nullable RequestFields fields, ModelLease lease, Generation base) {
        int vocabulary = lease.llm().tokenizer().vocabularySize();
        Generation suggested = lease.llm().suggested(base);
        Generation model = ofModel(lease.model().parameters(), suggested, vocabulary);
        return fields == null ? model : ofEngine(fields, lease, apply(fields, model, vocabulary));
    }

    /// What the request says to the engine: adapters, its priority, what a full context keeps.
    private static Generation ofEngine(RequestFields f, ModelLease lease, Generation base) {
        Generation g = TokenFields.apply(f, base, lease.llm().tokenizer());
        g = with(g, AdapterRoutes.chosen(f, lease.llm()), Generation::adapters);
        Long priority = f.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE);
        g = with(g, priority, (o, v) -> o.priority(v.intValue()));
        Long keep = f.integer(f.has("n_keep") ? "n_keep" : "num_keep", -1, Integer.MAX_VALUE);
        return with(g, keep, (o, v) -> o.keep(v.intValue()));
    }

    private static Generation ofModel(
            Map<String, Object> parameters, Generation base, int vocabulary) {
        RequestFields fields = new RequestFields(new LinkedHashMap<>(parameters));
        Generation g = apply(fields, base, vocabulary);
        Long limit = fields.integer("num_predict", -2, Integer.MAX_VALUE);
        return limit == null ? g : g.maxTokens(limit < 0 ? -1 : limit.intValue());
    }
}
