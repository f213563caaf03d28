package dev.jebena.llm.internal.folder;

import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a GGUF file says about rotation, in the words of `config.json`: [RopeConfiguration] the
/// other way round.
record WrittenRope(Gguf model, String prefix, Map<String, @Nullable Object> json) {
    /// The one of all models so far, and others that are possible.
    private static final long[] ORIGINAL_CONTEXTS = {
        8192, 2048, 4096, 16384, 32768, 65536, 131072, 1024, 512, 256, 128, 64
    };

    static int headDim(Map<String, Object> metadata, String prefix) {
        long own = number(metadata, prefix + "attention.key_length");
        long width = number(metadata, prefix + "embedding_length");
        long heads = Math.max(1, number(metadata, prefix + "attention.head_count"));
        return Math.clamp(own > 0 ? own : width / heads, 0, 1 << 20);
    }

    private static long number(Map<String, Object> metadata, String key) {
        return metadata.get(key) instanceof Long number ? number : 0;
    }

    void add(int headDim) {
        Map<String, Object> metadata = model.metadata();
        long rotated = number(metadata, prefix + "rope.dimension_count");
        if (rotated > 0 && rotated < headDim) {
            double part = (double) rotated / headDim;
            json.put("partial_rotary_factor", part);
            json.put("rotary_pct", part);
        }
        if (metadata.get(prefix + "rope.freq_base") instanceof Number base) {
            json.put("rope_theta", WrittenConfig.shortest(base.doubleValue()));
        }
        Object original = metadata.get(prefix + "rope.scaling.original_context_length");
        if (original != null) {
            json.put("original_max_position_embeddings", original);
        }
        Map<String, Object> scaling = scaling(rotated > 0 ? (int) rotated : headDim);
        if (!scaling.isEmpty()) {
            json.put("rope_scaling", scaling);
        }
    }

    private Map<String, Object> scaling(int rotated) {
        StoredTensor factors = model.tensors().get("rope_freqs.weight");
        if (factors != null) {
            return llama3(factors, rotated);
        }
        if (model.tensors().containsKey("rope_factors_long.weight")) {
            return longRope();
        }
        Map<String, Object> scaling = new LinkedHashMap<>();
        Object type = model.metadata().get(prefix + "rope.scaling.type");
        if ("linear".equals(type) || "yarn".equals(type)) {
            scaling.put("rope_type", type);
            put(scaling, "factor", "rope.scaling.factor");
            put(
                    scaling,
                    "original_max_position_embeddings",
                    "rope.scaling.original_context_length");
            put(scaling, "beta_fast", "rope.scaling.yarn_beta_fast");
            put(scaling, "beta_slow", "rope.scaling.yarn_beta_slow");
            if (model.metadata().get(prefix + "rope.scaling.yarn_log_multiplier")
                    instanceof Number multiplier) {
                double all = WrittenConfig.shortest(10 * multiplier.doubleValue());
                scaling.put("mscale", all);
                scaling.put("mscale_all_dim", all);
            }
        }
        return scaling;
    }

    private void put(Map<String, Object> scaling, String key, String name) {
        switch (model.metadata().get(prefix + name)) {
            case Double number -> scaling.put(key, WrittenConfig.shortest(number));
            case Number number -> scaling.put(key, number);
            case null, default -> {}
        }
    }

    private Map<String, Object> longRope() {
        Map<String, Object> scaling = new LinkedHashMap<>();
        scaling.put("rope_type", "longrope");
        scaling.put("type", "longrope");
        scaling.put("long_factor", values("rope_factors_long.weight"));
        scaling.put("short_factor", values("rope_factors_short.weight"));
        put(scaling, "attention_factor", "rope.scaling.attn_factor");
        return scaling;
    }

    private List<Double> values(String tensor) {
        List<Double> values = new ArrayList<>();
        StoredTensor stored = model.tensors().get(tensor);
        if (stored != null) {
            for (float value : floats(stored)) {
                values.add(WrittenConfig.shortest(value));
            }
        }
        return values;
    }

    private static float[] floats(StoredTensor stored) {
        float[] floats = new float[(int) Math.min(stored.elements(), 1 << 16)];
        stored.type().decode(stored.data(), 0, floats.length, floats, 0);
        return floats;
    }

    /// The settings that give these factors: the models of the family differ in the largest factor
    /// and in the context that they were first trained for.
    private Map<String, Object> llama3(StoredTensor stored, int rotated) {
        float[] factors = floats(stored);
        double base =
                model.metadata().get(prefix + "rope.freq_base") instanceof Number number
                        ? number.doubleValue()
                        : 10_000;
        double largest = factors.length == 0 ? 1 : factors[factors.length - 1];
        for (long original : ORIGINAL_CONTEXTS) {
            if (fits(factors, base, largest, (double) original, rotated)) {
                Map<String, Object> scaling = new LinkedHashMap<>();
                scaling.put("rope_type", "llama3");
                scaling.put("factor", WrittenConfig.shortest(largest));
                scaling.put("low_freq_factor", 1.0);
                scaling.put("high_freq_factor", 4.0);
                scaling.put("original_max_position_embeddings", original);
                return scaling;
            }
        }
        throw new LlmException(
                LlmException.Code.BAD_MODEL,
                "the tensor rope_freqs.weight holds factors that are not Llama 3's, which config.json has no word for; keep the GGUF file");
    }

    private static boolean fits(
            float[] factors, double base, double largest, double original, int rotated) {
        float[] own = RopeConfiguration.llama3(largest, 1, 4, original, base, rotated);
        if (own.length != factors.length) {
            return false;
        }
        for (int i = 0; i < own.length; i++) {
            if (Math.abs(own[i] - factors[i]) > 1e-4 * Math.abs(own[i])) {
                return false;
            }
        }
        return true;
    }
}
