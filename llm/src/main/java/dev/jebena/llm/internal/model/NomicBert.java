package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// Nomic's BERT: rotation instead of learned positions, and a gated feed-forward network.
final class NomicBert implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        AttentionShape both = parts.bothWays();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            blocks.add(
                    Residual.postNorm(
                            parts.attention(i, 0, rope, both),
                            parts.layerNorm(i, "attn_output_norm")));
            blocks.add(
                    Residual.postNorm(
                            parts.gated(i, FeedForward.Activation.SILU),
                            parts.layerNorm(i, "layer_output_norm")));
        }
        return parts.encoder(parts.typedTokens(), blocks, List.of(rope));
    }
}
