package dev.jebena.llm.internal.model;

import java.util.List;

/// Phi 3, 3.5 and 4: one matrix for queries, keys and values, one for the gate and what it gates,
/// and in some models a window, or rotation factors for long contexts.
final class Phi3 implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        List<Block> blocks =
                parts.preNormLayers(
                        parts::rmsNorm,
                        rope,
                        parts.causal(parts.window()),
                        i -> parts.fusedGated(i, FeedForward.Activation.SILU));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
