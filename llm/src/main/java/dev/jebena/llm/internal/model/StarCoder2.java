package dev.jebena.llm.internal.model;

import java.util.List;

/// StarCoder 2: layer norms, rotation, and a feed-forward network without gate.
final class StarCoder2 implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        List<Block> blocks =
                parts.preNormLayers(
                        parts::layerNorm,
                        rope,
                        parts.causal(parts.window()),
                        i -> parts.plain(i, FeedForward.Activation.GELU));
        Head head = parts.head(parts.layerNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
