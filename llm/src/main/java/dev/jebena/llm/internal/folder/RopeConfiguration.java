package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.StoredTensor;
import dev.jebena.json.Json;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `config.json` says about rotation, as the metadata and tensors of a GGUF file.
record RopeConfiguration(
        Map<String, @Nullable Object> config,
        String prefix,
        Map<String, Object> metadata,
        Map<String, StoredTensor> tensors,
        Arena arena) {
    private static final int MOST_FACTORS = 1 << 16;

    void add() {
        Map<String, @Nullable Object> scaling = object(config.get("rope_scaling"));
        // Newer configurations keep all of it under one key, some of them by kind of layer.
        Map<String, @Nullable Object> parameters = object(config.get("rope_parameters"));
        Map<String, @Nullable Object> local = object(parameters.get("sliding_attention"));
        if (parameters.get("full_attention") != null) {
            parameters = object(parameters.get("full_attention"));
        }
        if (parameters.get("rope_theta") instanceof Number base) {
            metadata.put(prefix + "rope.freq_base", base);
        }
        if (local.get("rope_theta") instanceof Number base) {
            metadata.put(prefix + "rope.freq_base_swa", base);
        }
        int rotated = rotated(parameters);
        scale(scaling.isEmpty() ? parameters : scaling, rotated);
    }

    /// Elements of a head that turn.
    private int rotated(Map<String, @Nullable Object> parameters) {
        if (metadata.get(prefix + "rope.dimension_count") instanceof Long own) {
            return Math.clamp(own, 0, 2 * MOST_FACTORS);
        }
        int headDim = headDim();
        double part =
                number(
                        parameters,
                        "partial_rotary_factor",
                        number(
                                config,
                                "partial_rotary_factor",
                                number(config, "rotary_pct", usualPart())));
        if (!(part > 0 && part <= 1)) {
            throw bad(
                    "the rotated part of a head is %s; expected above 0, at most 1"
                            .formatted(part));
        }
        if (headDim > 0) {
            metadata.put(prefix + "rope.dimension_count", (long) (part * headDim));
        }
        return (int) (part * headDim);
    }

    /// What configurations leave out where it is what all of the family have.
    private double usualPart() {
        return prefix.equals("glm4.") || prefix.equals("chatglm.") ? 0.5 : 1;
    }

    private int headDim() {
        long width = (long) number(metadata, prefix + "embedding_length", 0);
        long heads = (long) number(metadata, prefix + "attention.head_count", 1);
        long own = (long) number(metadata, prefix + "attention.key_length", 0);
        long headDim = own > 0 ? own : width / Math.max(1, heads);
        return Math.clamp(headDim, 0, 2 * MOST_FACTORS);
    }

    private void scale(Map<String, @Nullable Object> scaling, int rotated) {
        Object named = scaling.getOrDefault("rope_type", scaling.get("type"));
        String type = named == null ? "default" : String.valueOf(named);
        original(scaling);
        switch (type) {
            // Dynamic scaling begins behind the context that the model was trained for.
            case "default", "dynamic" -> {}
            case "linear" -> stretch(type, scaling);
            case "yarn" -> {
                stretch(type, scaling);
                yarn(scaling);
            }
            case "llama3" -> tensor("rope_freqs.weight", llama3(scaling, rotated));
            case "longrope", "su" -> longRope(scaling);
            default ->
                    throw bad(
                            "rope_scaling type \"%s\" is not known; known are default, dynamic, linear, yarn, llama3, longrope"
                                    .formatted(type));
        }
    }

    private void stretch(String type, Map<String, @Nullable Object> scaling) {
        metadata.put(prefix + "rope.scaling.type", type);
        metadata.put(prefix + "rope.scaling.factor", number(scaling, "factor", 1));
    }

    private void yarn(Map<String, @Nullable Object> scaling) {
        for (String key : List.of("beta_fast", "beta_slow")) {
            if (scaling.get(key) instanceof Number turns) {
                metadata.put(prefix + "rope.scaling.yarn_" + key, turns.doubleValue());
            }
        }
        double all = number(scaling, "mscale_all_dim", 0);
        if (all != 0) {
            // Its ratio to that of `mscale`, which all models give the same value, is 1.
            metadata.put(prefix + "rope.scaling.yarn_log_multiplier", 0.1 * all);
            return;
        }
        // Readers of GGUF files multiply with what YaRN's authors found best.
        double best = 1 + 0.1 * Math.log(Math.max(1, number(scaling, "factor", 1)));
        double own = number(scaling, "attention_factor", best);
        if (own != best) {
            metadata.put(prefix + "rope.scaling.attn_factor", own / best);
        }
    }

    private void original(Map<String, @Nullable Object> scaling) {
        String key = "original_max_position_embeddings";
        Object value = scaling.getOrDefault(key, config.get(key));
        if (value instanceof Long context) {
            metadata.put(prefix + "rope.scaling.original_context_length", context);
        }
    }

    /// Llama 3: slow pairs are stretched by the factor, fast ones stay, those between are mixed.
    private float[] llama3(Map<String, @Nullable Object> scaling, int rotated) {
        return llama3(
                number(scaling, "factor", 8),
                number(scaling, "low_freq_factor", 1),
                number(scaling, "high_freq_factor", 4),
                number(scaling, "original_max_position_embeddings", 8192),
                number(metadata, prefix + "rope.freq_base", 10_000),
                rotated);
    }

    static float[] llama3(
            double factor, double low, double high, double context, double base, int rotated) {
        float[] factors = new float[rotated / 2];
        for (int i = 0; i < factors.length; i++) {
            double turns = context / (2 * Math.PI * Math.pow(base, 2.0 * i / rotated));
            double smooth = Math.clamp((turns - low) / (high - low), 0, 1);
            factors[i] = (float) (1 / ((1 - smooth) / factor + smooth));
        }
        return factors;
    }

    /// Phi 3: factors for each pair, and larger logits the longer the context was made.
    private void longRope(Map<String, @Nullable Object> scaling) {
        metadata.put(prefix + "rope.scaling.type", "longrope");
        tensor("rope_factors_long.weight", numbers(scaling.get("long_factor")));
        tensor("rope_factors_short.weight", numbers(scaling.get("short_factor")));
        double original = number(metadata, prefix + "rope.scaling.original_context_length", 4096);
        double stretch = number(metadata, prefix + "context_length", original) / original;
        double magnitude = stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(original));
        metadata.put(
                prefix + "rope.scaling.attn_factor",
                number(scaling, "attention_factor", magnitude));
    }

    private static float[] numbers(@Nullable Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > MOST_FACTORS) {
            throw bad("rope_scaling needs long_factor and short_factor, a number for each pair");
        }
        float[] numbers = new float[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Number number)) {
                throw bad("rope_scaling: a factor is no number: " + list.get(i));
            }
            numbers[i] = number.floatValue();
        }
        return numbers;
    }

    private void tensor(String name, float[] values) {
        MemorySegment data = arena.allocate(4L * values.length, 64);
        DataType.F32.encode(values, 0, data, 0, values.length);
        tensors.put(
                name, new StoredTensor(name, DataType.F32, List.of((long) values.length), data));
    }

    private static double number(Map<String, ?> map, String key, double absent) {
        return map.get(key) instanceof Number number ? number.doubleValue() : absent;
    }

    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> ? Json.object(value) : Map.of();
    }

    private static LlmException bad(String message) {
        return new LlmException(LlmException.Code.BAD_MODEL, message);
    }
}
