package dev.jebena.serving;

import dev.jebena.llm.Sampling;
import dev.jebena.llm.Sampling.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fields of requests and Modelfiles for mirostat, XTC, DRY and the other samplers that OpenAI does
/// not have, under the names of llama.cpp and Ollama.
final class DrawingFields {
    private static final double MANY = 1e6;

    private DrawingFields() {}

    /// `base` changed by what the fields say.
    static Sampling apply(RequestFields f, Sampling base) {
        Sampling.Mirostat mirostat = base.mirostat();
        Sampling.Xtc xtc = base.xtc();
        Sampling.DynamicTemperature dynamic = base.dynamicTemperature();
        return base.mirostat(
                        new Sampling.Mirostat(
                                f.integer("mirostat", 0, 2, mirostat.version()),
                                number(f, "mirostat_tau", 0, 1e4, mirostat.tau()),
                                number(f, "mirostat_eta", 0, 1e4, mirostat.eta())))
                .xtc(
                        new Sampling.Xtc(
                                number(f, "xtc_probability", 0, 1, xtc.probability()),
                                number(f, "xtc_threshold", 0, 1, xtc.threshold())))
                .dry(dry(f, base.dry()))
                .dynamicTemperature(
                        new Sampling.DynamicTemperature(
                                number(f, "dynatemp_range", 0, MANY, dynamic.range()),
                                number(f, "dynatemp_exponent", 0, 1e3, dynamic.exponent())))
                .topNSigma(number(f, "top_n_sigma", -MANY, MANY, base.topNSigma()))
                .minKeep(f.integer("min_keep", 0, Integer.MAX_VALUE, base.minKeep()))
                .order(order(f, base.order()));
    }

    private static float number(
            RequestFields f, String name, double least, double most, float otherwise) {
        Double value = f.number(name, least, most);
        return value == null ? otherwise : value.floatValue();
    }

    private static Sampling.Dry dry(RequestFields f, Sampling.Dry base) {
        List<String> breakers = base.breakers();
        if (f.has("dry_sequence_breakers")) {
            breakers = SamplingFields.stops(f, "dry_sequence_breakers");
            if (breakers.isEmpty()) {
                throw f.invalid("dry_sequence_breakers", "expected at least one string");
            }
        }
        return new Sampling.Dry(
                number(f, "dry_multiplier", 0, MANY, base.multiplier()),
                number(f, "dry_base", 0, MANY, base.base()),
                f.integer("dry_allowed_length", 0, Integer.MAX_VALUE, base.allowedLength()),
                f.integer("dry_penalty_last_n", -1, Integer.MAX_VALUE, base.window()),
                breakers);
    }

    /// `samplers`: names in order, or their letters in one string.
    private static List<Stage> order(RequestFields f, List<Stage> base) {
        return switch (f.value("samplers")) {
            case null -> base;
            case String letters -> {
                List<Stage> stages = new ArrayList<>();
                for (int i = 0; i < letters.length(); i++) {
                    char letter = letters.charAt(i);
                    stages.add(known(f, Stage.lettered(letter), String.valueOf(letter)));
                }
                yield stages;
            }
            case List<?> names -> {
                List<Stage> stages = new ArrayList<>();
                for (Object name : names) {
                    String text = String.valueOf(name);
                    stages.add(known(f, Stage.named(text), text));
                }
                yield stages;
            }
            default -> throw f.invalid("samplers", "expected an array of names");
        };
    }

    private static Stage known(RequestFields f, @Nullable Stage stage, String name) {
        if (stage == null) {
            throw f.invalid(
                    "samplers",
                    "no sampler '"
                            + name
                            + "'; expected penalties, dry, top_n_sigma, top_k, typ_p, top_p, min_p,"
                            + " xtc or temperature");
        }
        return stage;
    }
}
