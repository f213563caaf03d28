package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads mixtures of experts.
final class ExpertParts {
    private static final double MOST_SCALE = 1e6;

    private final Weights weights;
    private final int width;
    private final int count;
    private final int used;
    private final int inner;
    private final int sharedInner;

    ExpertParts(Weights weights, Hyperparameters shape) {
        this.weights = weights;
        width = shape.width();
        count = weights.integer("expert_count", 1, 1024);
        used = weights.integer("expert_used_count", 1, count);
        inner = weights.integer("expert_feed_forward_length", 1, 1 << 20, shape.feedForward());
        int sharedCount = weights.integer("expert_shared_count", 0, 1024, 0);
        sharedInner =
                weights.integer(
                        "expert_shared_feed_forward_length",
                        1,
                        1 << 20,
                        sharedCount > 0 ? sharedCount * inner : shape.feedForward());
        long widest = Math.max(inner, width);
        if (used * widest > 1 << 24) {
            throw Weights.bad(
                    "experts do not fit together: %d used experts of width %d; at most 2^24 in all"
                            .formatted(used, widest));
        }
    }

    /// @param prefix of the layer's tensors
    Experts experts(String prefix, boolean renormalized) {
        return read(
                prefix,
                RoutingRule.softmax(used, renormalized),
                FeedForward.Activation.SILU,
                shared(prefix));
    }

    /// Experts whose weights add up to 1, with this activation.
    Experts experts(String prefix, FeedForward.Activation activation) {
        return read(prefix, RoutingRule.softmax(used, true), activation, null);
    }

    /// Experts by the rule that DeepSeek's files describe.
    Experts ruled(String prefix, RoutingRule.Scores absent) {
        int groups = weights.integer("expert_group_count", 1, count, 1);
        int usedGroups = weights.integer("expert_group_used_count", 1, groups, groups);
        if (count % groups != 0 || used > count / groups * usedGroups) {
            throw Weights.bad(
                    "experts do not fit together: expert_count %d, expert_used_count %d, expert_group_count %d, expert_group_used_count %d"
                            .formatted(count, used, groups, usedGroups));
        }
        FloatMatrix preference = weights.optionalVector(prefix + "exp_probs_b.bias", count);
        RoutingRule.Scores scores =
                switch (weights.integer("expert_gating_func", 0, 2, 0)) {
                    case 1 -> RoutingRule.Scores.SOFTMAX;
                    case 2 -> RoutingRule.Scores.SIGMOID;
                    default -> absent;
                };
        RoutingRule rule =
                new RoutingRule(
                        used,
                        scores,
                        weights.flag("expert_weights_norm", false),
                        (float) weights.number("expert_weights_scale", MOST_SCALE, 1),
                        preference,
                        groups,
                        usedGroups);
        return read(prefix, rule, FeedForward.Activation.SILU, shared(prefix));
    }

    /// The expert of all rows, where the file has one.
    private @Nullable SharedExpert shared(String prefix) {
        if (!weights.has(prefix + "ffn_up_shexp.weight")) {
            return null;
        }
        FeedForward network =
                new FeedForward(
                        Linear.read(weights, prefix + "ffn_gate_shexp", sharedInner, width),
                        Linear.read(weights, prefix + "ffn_up_shexp", sharedInner, width),
                        Linear.read(weights, prefix + "ffn_down_shexp", width, sharedInner),
                        FeedForward.Activation.SILU);
        String gate = prefix + "ffn_gate_inp_shexp";
        return new SharedExpert(
                network,
                weights.has(gate + ".weight") ? Linear.single(weights, gate, width) : null);
    }

    private Experts read(
            String prefix,
            RoutingRule rule,
            FeedForward.Activation activation,
            @Nullable SharedExpert shared) {
        List<Linear> gates = linears(prefix + "ffn_gate", inner, width);
        List<Linear> ups = linears(prefix + "ffn_up", inner, width);
        List<Linear> downs = linears(prefix + "ffn_down", width, inner);
        List<FeedForward> experts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            experts.add(new FeedForward(gates.get(i), ups.get(i), downs.get(i), activation));
        }
        Linear router = Linear.read(weights, prefix + "ffn_gate_inp", count, width);
        return new Experts(router, List.copyOf(experts), rule, shared);
    }

    private List<Linear> linears(String name, int outputs, int inputs) {
        return Linear.experts(weights, name, count, used, outputs, inputs);
    }
}
