package dev.jebena.cli;

import dev.jebena.llm.Generation;
import dev.jebena.llm.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Options of commands that make answers. What is not given comes from the model's own parameters,
/// then from the defaults of [Generation].
final class GenerationOptions {
    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Tokens of the answer at most (default: what the context holds).")
    @Nullable Integer maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 always takes the likeliest token (default 0.8).")
    @Nullable Float temperature;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Same seed, prompt and options: same answer (default: another each time).")
    @Nullable Long seed;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description = "Choose among the K likeliest tokens; 0 for all (default 40).")
    @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Choose among the tokens that make up this probability (default 0.95).")
    @Nullable Float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Leave out tokens less likely than P times the likeliest (default 0.05).")
    @Nullable Float minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "F",
            description = "Make tokens that were seen lately less likely; 1 is off (default 1).")
    @Nullable Float repeatPenalty;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End the answer before this text; may be repeated.")
    List<String> stop = new ArrayList<>();

    @Option(
            names = "--beams",
            paramLabel = "N",
            description = "Beam search with N beams instead of drawing (default 1: none).")
    int beams = 1;

    @Option(
            names = "--length-penalty",
            paramLabel = "F",
            description = "Beam search: above 1 favours longer answers (default 1).")
    double lengthPenalty = 1;

    @Mixin DrawingOptions drawing = new DrawingOptions();

    @Mixin ConstraintOptions form = new ConstraintOptions();

    /// `defaults`, changed by a model's own parameters (named as in a Modelfile) and then by these
    /// options.
    Generation over(Generation defaults, Map<String, ?> parameters) {
        Generation result = defaults;
        for (Map.Entry<String, ?> entry : parameters.entrySet()) {
            result = withParameter(result, entry.getKey(), entry.getValue());
        }
        if (maxTokens != null) {
            result = result.maxTokens(maxTokens);
        }
        if (temperature != null) {
            result = result.temperature(temperature);
        }
        if (seed != null) {
            result = result.seed(seed);
        }
        if (topK != null) {
            result = result.topK(topK);
        }
        if (topP != null) {
            result = result.topP(topP);
        }
        if (minP != null) {
            result = result.minP(minP);
        }
        if (repeatPenalty != null) {
            result = result.repeatPenalty(repeatPenalty);
        }
        result = drawing.over(result).constraint(form.constraint());
        return stop.isEmpty() ? result : result.stop(stop);
    }

    /// `options` with one parameter of a Modelfile or of `/set parameter`. Parameters that are not
    /// about sampling (`num_ctx`, `num_thread`) leave it as it is.
    static Generation withParameter(Generation options, String name, Object value) {
        return switch (name) {
            case "num_predict" -> options.maxTokens(number(name, value).intValue());
            case "temperature" -> options.temperature(number(name, value).floatValue());
            case "top_k" -> options.topK(number(name, value).intValue());
            case "top_p" -> options.topP(number(name, value).floatValue());
            case "min_p" -> options.minP(number(name, value).floatValue());
            case "typical_p" -> options.typicalP(number(name, value).floatValue());
            case "repeat_penalty" -> options.repeatPenalty(number(name, value).floatValue());
            case "repeat_last_n" -> options.repeatWindow(number(name, value).intValue());
            case "presence_penalty" -> options.presencePenalty(number(name, value).floatValue());
            case "frequency_penalty" -> options.frequencyPenalty(number(name, value).floatValue());
            case "mirostat", "mirostat_tau", "mirostat_eta" -> {
                float number = number(name, value).floatValue();
                Sampling.Mirostat old = options.sampling().mirostat();
                Sampling.Mirostat changed =
                        switch (name) {
                            case "mirostat" ->
                                    new Sampling.Mirostat((int) number, old.tau(), old.eta());
                            case "mirostat_tau" ->
                                    new Sampling.Mirostat(old.version(), number, old.eta());
                            default -> new Sampling.Mirostat(old.version(), old.tau(), number);
                        };
                yield options.sampling(options.sampling().mirostat(changed));
            }
            case "seed" -> options.seed(number(name, value).longValue());
            case "stop" -> {
                List<String> texts = new ArrayList<>(options.stop());
                if (value instanceof List<?> list) {
                    list.forEach(text -> texts.add(String.valueOf(text)));
                } else {
                    texts.add(String.valueOf(value));
                }
                yield options.stop(texts);
            }
            default -> options;
        };
    }

    private static Number number(String name, Object value) {
        if (value instanceof Number number) {
            return number;
        }
        try {
            return Double.valueOf(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new UserError("parameter " + name + ": expected a number, got \"" + value + "\"");
        }
    }
}
