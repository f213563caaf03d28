package dev.jebena.llm.internal.model;

import java.util.List;

/// Qwen's graph with experts. Those of Qwen 2 and 1.5 share one that sees all rows, and the weights
/// of the others are used as they are; those of Qwen 3 share none, and the weights are made to add
/// up to 1. OLMoE is between the two: none is shared, and the weights are used as they are.
///
/// @param renormalized whether the weights of a row's experts add up to 1
record QwenMoe(boolean renormalized) implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        List<Block> blocks =
                parts.preNormLayers(
                        parts::rmsNorm, rope, parts.causal(0), i -> parts.experts(i, renormalized));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
