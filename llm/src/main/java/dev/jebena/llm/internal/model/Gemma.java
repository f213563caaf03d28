package dev.jebena.llm.internal.model;

import java.util.List;

/// Gemma 1: Llama's graph with GELU, scaled embeddings, and heads wider than the hidden state's
/// share.
final class Gemma implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        List<Block> blocks =
                parts.preNormLayers(
                        parts::rmsNorm,
                        rope,
                        parts.causal(0),
                        i -> parts.gated(i, FeedForward.Activation.GELU));
        TokenInput input = parts.tokens((float) Math.sqrt(parts.shape().width()));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(input, blocks, List.of(rope), head);
    }
}
