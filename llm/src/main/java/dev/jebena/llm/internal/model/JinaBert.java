package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// Jina's BERT 2: positions by a bias on attention that grows with distance (ALiBi) in both
/// directions, a gated feed-forward network, and in the models for code norms of queries and keys
/// and a second residual connection around attention.
final class JinaBert implements Architecture {
    private static final float MAX_BIAS = 8;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        AttentionShape both = parts.bothWays().withAlibi(MAX_BIAS);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            blocks.add(attention(parts, parts.attention(i, 0, null, both), i));
            blocks.add(
                    Residual.postNorm(
                            parts.gatedOrFused(i, FeedForward.Activation.GELU),
                            parts.layerNorm(i, "layer_output_norm")));
        }
        return parts.encoder(parts.typedTokens(), blocks, List.of());
    }

    private static Block attention(Parts parts, Attention attention, int layer) {
        Norm norm = parts.layerNorm(layer, "attn_output_norm");
        Norm again = parts.optionalNorm(layer, "attn_norm_2");
        return again == null
                ? Residual.postNorm(attention, norm)
                : new TwiceResidual(attention, norm, again);
    }
}
