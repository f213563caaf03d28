package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.List;

/// Gemma 2: norms before and after each body, soft caps on the logits of attention and of the
/// output, and a sliding window in every other layer, the first one included.
final class Gemma2 implements Architecture {
    /// Layers of the 27B model, which scales attention by another width than the head's.
    private static final int LAYERS_27B = 46;

    private static final int WINDOW = 4096;
    private static final double ATTENTION_CAP = 50;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Hyperparameters shape = parts.shape();
        Rope rope = parts.rope(false).scaled();
        int scaled = shape.layers() == LAYERS_27B ? shape.width() / shape.heads() : shape.headDim();
        float scale = (float) (1 / Math.sqrt(scaled));
        float cap = (float) weights.number("attn_logit_softcapping", 1e6, ATTENTION_CAP);
        int window = weights.integer("attention.sliding_window", 1, 1 << 24, WINDOW);
        AttentionShape all = parts.attentionShape(0, scale, true).withSoftCap(cap);
        AttentionShape some = parts.attentionShape(window, scale, true).withSoftCap(cap);
        List<Block> blocks =
                parts.sandwichLayers(i -> parts.attention(i, i, rope, i % 2 == 0 ? some : all));
        TokenInput input = parts.tokens((float) Math.sqrt(shape.width()));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(input, blocks, List.of(rope), head);
    }
}
