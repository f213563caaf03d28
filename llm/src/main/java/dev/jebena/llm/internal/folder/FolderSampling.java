package dev.jebena.llm.internal.folder;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How tokens are drawn: Transformers' `generation_config.json` and GGUF's `general.sampling.*`.
final class FolderSampling {
    static final String FILE = "generation_config.json";
    static final String PREFIX = "general.sampling.";

    private static final String TEMPERATURE = PREFIX + "temp";
    private static final String PENALTY = PREFIX + "penalty_repeat";
    private static final String WINDOW = PREFIX + "penalty_last_n";

    /// GGUF's key of each setting.
    private static final Map<String, String> KEYS =
            Map.of(
                    "temperature", TEMPERATURE,
                    "top_k", PREFIX + "top_k",
                    "top_p", PREFIX + "top_p",
                    "min_p", PREFIX + "min_p",
                    "repetition_penalty", PENALTY);

    private FolderSampling() {}

    /// GGUF's keys for what `generation` says.
    static Map<String, Object> toGguf(Map<String, @Nullable Object> generation) {
        Map<String, Object> keys = new LinkedHashMap<>();
        KEYS.forEach((name, key) -> {
            Object value = generation.get(name);
            if (key.endsWith("top_k")) {
                if (value instanceof Long count) {
                    keys.put(key, (long) Math.clamp(count, 0, Integer.MAX_VALUE));
                }
            } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
                keys.put(key, number.doubleValue());
            }
        });
        if (Boolean.FALSE.equals(generation.get("do_sample"))) {
            keys.keySet().removeIf(key -> !key.equals(PENALTY));
            keys.put(TEMPERATURE, 0.0);
        }
        if (keys.containsKey(PENALTY)) {
            // Transformers' penalty sees all of the text.
            keys.put(WINDOW, -1L);
        }
        return keys;
    }

    /// Transformers' settings for what `metadata` says.
    static Map<String, @Nullable Object> toFolder(Map<String, Object> metadata) {
        Map<String, @Nullable Object> generation = new LinkedHashMap<>();
        KEYS.forEach((name, key) -> {
            Object value = metadata.get(key);
            if (value instanceof Number) {
                generation.put(
                        name,
                        value instanceof Double number ? WrittenConfig.shortest(number) : value);
            }
        });
        if (generation.get("temperature") instanceof Number temperature) {
            // Transformers takes no temperature of 0, and draws only where it is told to.
            boolean draws = temperature.doubleValue() > 0;
            generation.put("do_sample", draws);
            if (!draws) {
                generation.remove("temperature");
            }
        } else if (!generation.isEmpty()) {
            generation.put("do_sample", true);
        }
        return generation;
    }
}
