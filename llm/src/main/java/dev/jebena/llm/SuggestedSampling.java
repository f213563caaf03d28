package dev.jebena.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// How the makers of a model want its tokens drawn: `general.sampling.*` of a GGUF file, and of a
/// folder what `generation_config.json` says. A value that no sampler can use is passed over.
///
/// @param metadata of the model
record SuggestedSampling(Map<String, Object> metadata) {
    private static final String PREFIX = "general.sampling.";
    private static final float MOST = 100;

    /// `base`, changed by what the model says.
    Generation over(Generation base) {
        Generation g = base;
        g = with(g, number("temp", 0, MOST), Generation::temperature);
        // llama.cpp takes all tokens for 0 and less.
        g = with(g, count("top_k"), (o, v) -> o.topK(Math.max(0, v)));
        g = with(g, number("top_p", 0, 1), Generation::topP);
        g = with(g, number("min_p", 0, 1), Generation::minP);
        g = with(g, number("penalty_repeat", 0.01f, MOST), Generation::repeatPenalty);
        g = with(g, count("penalty_last_n"), Generation::repeatWindow);
        return g.sampling(drawing(g.sampling()));
    }

    private Sampling drawing(Sampling base) {
        Sampling.Xtc xtc =
                new Sampling.Xtc(
                        or(number("xtc_probability", 0, 1), base.xtc().probability()),
                        or(number("xtc_threshold", 0, 1), base.xtc().threshold()));
        Integer version = count("mirostat");
        Sampling.Mirostat mirostat =
                new Sampling.Mirostat(
                        version != null && version >= 0 && version <= 2
                                ? version
                                : base.mirostat().version(),
                        or(number("mirostat_tau", 0, MOST), base.mirostat().tau()),
                        or(number("mirostat_eta", 0, MOST), base.mirostat().eta()));
        return base.xtc(xtc).mirostat(mirostat).order(order(base.order()));
    }

    /// `sequence` names the stages with semicolons between them; unknown ones do not run.
    private List<Sampling.Stage> order(List<Sampling.Stage> base) {
        if (!(metadata.get(PREFIX + "sequence") instanceof String names)) {
            return base;
        }
        List<Sampling.Stage> order = new ArrayList<>();
        for (String name : names.split(";", Sampling.Stage.values().length + 1)) {
            Sampling.Stage stage = Sampling.Stage.named(name);
            if (stage != null) {
                order.add(stage);
            }
        }
        return order.isEmpty() ? base : order;
    }

    private static <T> Generation with(
            Generation g, @Nullable T value, BiFunction<Generation, T, Generation> change) {
        return value == null ? g : change.apply(g, value);
    }

    private static float or(@Nullable Float value, float otherwise) {
        return value == null ? otherwise : value;
    }

    private @Nullable Float number(String key, float least, float most) {
        return metadata.get(PREFIX + key) instanceof Number number
                        && number.floatValue() >= least
                        && number.floatValue() <= most
                ? (Float) number.floatValue()
                : null;
    }

    private @Nullable Integer count(String key) {
        return metadata.get(PREFIX + key) instanceof Long number && number >= -1
                ? (Integer) (int) Math.min(number, Integer.MAX_VALUE)
                : null;
    }
}
