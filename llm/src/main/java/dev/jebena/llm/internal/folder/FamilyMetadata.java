package dev.jebena.llm.internal.folder;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What single families say in `config.json` otherwise than by a number under a key of their own.
record FamilyMetadata(
        String prefix, Map<String, @Nullable Object> config, Map<String, Object> metadata) {
    private static final int MOST_LAYERS = 1 << 12;

    static void add(
            String architecture,
            Map<String, @Nullable Object> config,
            Map<String, Object> metadata) {
        FamilyMetadata family = new FamilyMetadata(architecture + ".", config, metadata);
        switch (architecture) {
            case "olmo2", "cohere2" -> family.addWindows();
            case "gpt-oss" -> {
                family.addWindows();
                family.copy("intermediate_size", "expert_feed_forward_length");
                family.copy("experts_per_token", "expert_used_count");
            }
            case "deepseek2" -> family.addLatent();
            case "modern-bert" -> family.addModernBert();
            default -> {}
        }
        if (architecture.equals("command-r") || architecture.equals("cohere2")) {
            metadata.putIfAbsent(family.prefix + "logit_scale", 0.0625);
        }
    }

    private void copy(String key, String name) {
        if (config.get(key) instanceof Long number) {
            metadata.putIfAbsent(prefix + name, number);
        }
    }

    /// Which layers have a sliding window.
    private void addWindows() {
        if (config.get("layer_types") instanceof List<?> kinds
                && kinds.size() <= MOST_LAYERS
                && !kinds.isEmpty()) {
            metadata.put(
                    prefix + "attention.sliding_window_pattern",
                    kinds.stream().map("sliding_attention"::equals).toList());
        }
    }

    private void addLatent() {
        boolean third = "deepseek_v3".equals(config.get("model_type"));
        long plain = config.get("qk_nope_head_dim") instanceof Long number ? number : 128;
        long turning = config.get("qk_rope_head_dim") instanceof Long number ? number : 64;
        metadata.put(prefix + "rope.dimension_count", turning);
        metadata.put(prefix + "attention.key_length", plain + turning);
        metadata.put(
                prefix + "attention.value_length",
                config.get("v_head_dim") instanceof Long number ? number : 128L);
        metadata.put(prefix + "expert_gating_func", third ? 2L : 1L);
        if ("greedy".equals(config.get("topk_method"))) {
            metadata.remove(prefix + "expert_group_count");
            metadata.remove(prefix + "expert_group_used_count");
        }
        if (config.get("n_routed_experts") == null) {
            metadata.remove(prefix + "expert_used_count");
        }
    }

    private void addModernBert() {
        metadata.putIfAbsent(prefix + "rope.freq_base", 160_000.0);
        metadata.putIfAbsent(prefix + "rope.freq_base_swa", 10_000.0);
        if (config.get("hidden_activation") instanceof String activation) {
            metadata.put(prefix + "hidden_activation", activation);
        }
        boolean mean = "mean".equals(config.get("classifier_pooling"));
        metadata.put(prefix + "classifier.pooling_type", mean ? 1L : 2L);
    }
}
