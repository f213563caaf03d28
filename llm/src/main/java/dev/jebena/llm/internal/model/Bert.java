package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// BERT as an encoder of sentences: learned positions, attention in both directions, norms after
/// each residual, and pooling to one vector.
final class Bert implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        AttentionShape both = parts.bothWays();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            blocks.add(
                    Residual.postNorm(
                            parts.attention(i, 0, null, both),
                            parts.layerNorm(i, "attn_output_norm")));
            blocks.add(
                    Residual.postNorm(
                            parts.plain(i, FeedForward.Activation.GELU),
                            parts.layerNorm(i, "layer_output_norm")));
        }
        TokenInput input = parts.typedTokens().withPositions(parts.positions());
        return parts.encoder(input, blocks, List.of());
    }
}
