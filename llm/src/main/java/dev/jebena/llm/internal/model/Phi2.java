package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// Phi 1, 1.5 and 2: attention and feed-forward network side by side behind one norm, rotation of
/// the first part of each head, and biases everywhere, the output included.
final class Phi2 implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        AttentionShape shape = parts.causal(0);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            blocks.add(
                    new Parallel(
                            parts.layerNorm(i, "attn_norm"),
                            parts.attention(i, i, rope, shape),
                            null,
                            parts.plain(i, FeedForward.Activation.GELU)));
        }
        Head head = parts.head(parts.layerNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
