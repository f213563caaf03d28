package dev.jebena.llm.internal.model;

import java.util.List;

/// Llama 1 to 3, and what shares its graph: Mistral, Code Llama, Vicuna, SmolLM, TinyLlama; with
/// experts, Mixtral.
///
/// In this family's files the rows of the query and key matrices are permuted so that rotation
/// pairs neighbours.
final class Llama implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(true).scaled();
        boolean mixes = parts.mixes();
        List<Block> blocks =
                parts.preNormLayers(
                        parts::rmsNorm,
                        rope,
                        parts.causal(0),
                        i ->
                                mixes
                                        ? parts.experts(i, true)
                                        : parts.gated(i, FeedForward.Activation.SILU));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
