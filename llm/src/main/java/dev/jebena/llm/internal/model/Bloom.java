package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.List;

/// BLOOM: positions by a bias on attention that grows with distance (ALiBi, Press et al. 2021), and
/// a norm of the embedding.
final class Bloom implements Architecture {
    /// Files do not say it.
    private static final float MAX_BIAS = 8;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        AttentionShape attention =
                parts.causal(0)
                        .withAlibi(
                                (float) weights.number("attention.max_alibi_bias", 1e3, MAX_BIAS));
        List<Block> blocks =
                parts.preNormLayers(
                        parts::layerNorm,
                        null,
                        attention,
                        i -> parts.plain(i, FeedForward.Activation.GELU));
        TokenInput input = parts.tokens(1).withNorm(parts.layerNorm("token_embd_norm"));
        Head head = parts.head(parts.layerNorm("output_norm"));
        return parts.decoder(input, blocks, List.of(), head);
    }
}
