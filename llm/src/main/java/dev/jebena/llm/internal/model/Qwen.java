package dev.jebena.llm.internal.model;

import java.util.List;

/// Qwen 2 and 2.5: Llama's graph with biases on queries, keys and values, and rotation that pairs
/// the two halves of a head. Qwen 3: without the biases, with norms of query and key heads.
final class Qwen implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        List<Block> blocks =
                parts.preNormLayers(
                        parts::rmsNorm,
                        rope,
                        parts.causal(0),
                        i -> parts.gated(i, FeedForward.Activation.SILU));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
