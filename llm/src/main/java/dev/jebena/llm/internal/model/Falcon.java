package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// Falcon: attention and feed-forward network side by side, behind one norm in the 7B model; the
/// 40B model has another one for attention, which its files call `attn_norm_2`.
final class Falcon implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        AttentionShape shape = parts.causal(0);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            boolean two = weights.has("blk." + i + ".attn_norm_2.weight");
            Norm norm = parts.layerNorm(i, "attn_norm");
            blocks.add(
                    new Parallel(
                            two ? parts.layerNorm(i, "attn_norm_2") : norm,
                            parts.attention(i, i, rope, shape),
                            two ? norm : null,
                            parts.plain(i, FeedForward.Activation.GELU)));
        }
        Head head = parts.head(parts.layerNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
