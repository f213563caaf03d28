package dev.jebena.llm.internal.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads mixtures of experts.
final class ExpertParts {
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
        sharedInner =
                weights.integer(
                        "expert_shared_feed_forward_length", 1, 1 << 20, shape.feedForward());
        long widest = Math.max(inner, width);
        if (used * widest > 1 << 24) {
            throw Weights.bad(
                    "experts do not fit together: %d used experts of width %d; at most 2^24 in all"
                            .formatted(used, widest));
        }
    }

    /// @param prefix of the layer's tensors
    Experts experts(String prefix, boolean renormalized) {
        return read(prefix, renormalized, null);
    }

    Experts sharedExperts(String prefix, boolean renormalized) {
        FeedForward network =
                new FeedForward(
                        Linear.read(weights, prefix + "ffn_gate_shexp", sharedInner, width),
                        Linear.read(weights, prefix + "ffn_up_shexp", sharedInner, width),
                        Linear.read(weights, prefix + "ffn_down_shexp", width, sharedInner),
                        FeedForward.Activation.SILU);
        Linear gate = Linear.single(weights, prefix + "ffn_gate_inp_shexp", width);
        return read(prefix, renormalized, new SharedExpert(network, gate));
    }

    private Experts read(String prefix, boolean renormalized, @Nullable SharedExpert shared) {
        List<Linear> gates = linears(prefix + "ffn_gate", inner, width);
        List<Linear> ups = linears(prefix + "ffn_up", inner, width);
        List<Linear> downs = linears(prefix + "ffn_down", width, inner);
        List<FeedForward> experts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            experts.add(
                    new FeedForward(
                            gates.get(i), ups.get(i), downs.get(i), FeedForward.Activation.SILU));
        }
        Linear router = Linear.read(weights, prefix + "ffn_gate_inp", count, width);
        return new Experts(router, List.copyOf(experts), used, renormalized, shared);
    }

    private List<Linear> linears(String name, int outputs, int inputs) {
        return Linear.experts(weights, name, count, used, outputs, inputs);
    }
}
