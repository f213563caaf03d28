package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.hub.ModelDetails;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What Ollama's requests and replies have in common.
final class OllamaFields {
    private static final Pattern PART = Pattern.compile("([0-9.]+)(ns|us|µs|ms|s|m|h)");

    /// Ollama's own defaults; a Modelfile's and the request's options change them.
    private static final Generation DEFAULTS =
            Generation.defaults()
                    .temperature(0.8f)
                    .topK(40)
                    .topP(0.9f)
                    .minP(0)
                    .repeatPenalty(1.1f)
                    .repeatWindow(64);

    private OllamaFields() {}

    /// `{"error": message}`.
    static Object error(HttpException problem) {
        return HttpJson.object("error", problem.message());
    }

    /// The model's name: `model`, or `name` as older clients send.
    static String model(RequestFields request) {
        String model = request.string("model");
        if (model == null || model.isEmpty()) {
            model = request.string("name");
        }
        if (model == null || model.isBlank()) {
            throw HttpException.invalid("model", "model is required");
        }
        return model;
    }

    /// `keep_alive`: seconds, or a duration such as `5m` or `1h30m`; negative is for ever. Null
    /// when absent.
    static @Nullable Duration keepAlive(RequestFields request) {
        return switch (request.value("keep_alive")) {
            case null -> null;
            case Number seconds -> seconds(request, seconds.doubleValue());
            case String text -> duration(request, text.strip());
            default ->
                    throw request.invalid("keep_alive", "expected seconds or a duration like 5m");
        };
    }

    private static Duration seconds(RequestFields request, double seconds) {
        if (!(Math.abs(seconds) < 1e9)) {
            throw request.invalid("keep_alive", "out of range: " + seconds);
        }
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private static Duration duration(RequestFields request, String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.matches("[0-9]{1,9}")) {
            return seconds(request, (negative ? -1 : 1) * Double.parseDouble(rest));
        }
        Matcher part = PART.matcher(rest);
        double total = 0;
        int end = 0;
        while (part.find()
                && part.start() == end
                && part.group(1).matches("[0-9]{1,9}(\\.[0-9]*)?")) {
            total += Double.parseDouble(part.group(1)) * unit(part.group(2));
            end = part.end();
        }
        if (end == 0 || end < rest.length()) {
            throw request.invalid("keep_alive", "expected a duration like 5m, found " + text);
        }
        return seconds(request, negative ? -total : total);
    }

    private static double unit(String name) {
        return switch (name) {
            case "h" -> 3600;
            case "m" -> 60;
            case "s" -> 1;
            case "ms" -> 1e-3;
            case "ns" -> 1e-9;
            default -> 1e-6;
        };
    }

    /// `options` over the Modelfile's parameters over Ollama's defaults.
    static Generation options(RequestFields request, ModelLease lease) {
        RequestFields options = request.object("options");
        Generation g = SamplingFields.of(options, lease, DEFAULTS);
        Long limit = options == null ? null : options.integer("num_predict", -2, Integer.MAX_VALUE);
        if (limit != null) {
            g = g.maxTokens(limit <= 0 ? -1 : limit.intValue());
        }
        // A model that never ends would run for ever once the context shifts.
        int most = (int) Math.min(Integer.MAX_VALUE, 10L * lease.llm().contextLength());
        boolean shift = request.flag("shift", true);
        if (shift && (g.maxTokens() < 0 || g.maxTokens() > most)) {
            g = g.maxTokens(most);
        }
        int top = request.integer("top_logprobs", 0, 20, 0);
        return g.contextShift(shift)
                .logprobs(request.flag("logprobs", false) ? top : -1)
                .constraint(OutputFormat.ofOllama(request));
    }

    /// `num_ctx` of the options; 0 when absent.
    static int contextLength(RequestFields request) {
        RequestFields options = request.object("options");
        return options == null ? 0 : options.integer("num_ctx", 0, 1 << 24, 0);
    }

    static void refuseImages(RequestFields request) {
        if (request.value("images") instanceof List<?> images && !images.isEmpty()) {
            throw request.invalid("images", "this model cannot see images");
        }
    }

    /// `think`: true, false, or how much: low, medium, high. A wish to think is refused for a model
    /// that cannot.
    static ThinkingWish think(RequestFields request, String model, ModelLease lease) {
        Object think = request.value("think");
        if (think == null) {
            return ThinkingWish.NONE;
        }
        if (Boolean.FALSE.equals(think)) {
            return new ThinkingWish(false, null, -1, true);
        }
        boolean level = think instanceof String text && text.matches("low|medium|high|max");
        if (!level && !Boolean.TRUE.equals(think)) {
            throw request.invalid("think", "expected true, false, low, medium or high");
        }
        if (lease.reasoning() == null) {
            throw HttpException.invalid("think", "\"" + model + "\" does not support thinking");
        }
        return new ThinkingWish(true, level ? String.valueOf(think) : null, -1, true);
    }

    static String now() {
        return time(Instant.now());
    }

    static String time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toString();
    }

    static Map<String, @Nullable Object> details(ModelDetails details) {
        return HttpJson.object(
                "parent_model", details.parentModel(),
                "format", details.format(),
                "family", details.family(),
                "families", details.families(),
                "parameter_size", details.parameterSize(),
                "quantization_level", details.quantization());
    }

    /// The full name, as lists give it.
    static String name(StoredModel model) {
        return model.name().toString();
    }

    /// Adds to the last line why the answer ended, and its counters.
    static void end(
            Map<String, @Nullable Object> line,
            HttpExchange exchange,
            ModelLease lease,
            Answer answer) {
        boolean cut = answer.finishReason() == FinishReason.LENGTH;
        Usage usage = answer.usage();
        line.put("done_reason", cut ? "length" : "stop");
        line.put("total_duration", System.nanoTime() - exchange.startNanos());
        line.put("load_duration", lease.loadTime().toNanos());
        line.put("prompt_eval_count", usage.promptTokens());
        line.put("prompt_eval_duration", usage.promptTime().toNanos());
        line.put("eval_count", usage.answerTokens());
        line.put("eval_duration", Math.max(1, usage.answerTime().toNanos()));
    }
}
