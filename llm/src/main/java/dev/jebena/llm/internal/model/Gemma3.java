package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.List;

/// Gemma 3: norms before and after each body, norms of query and key heads, five layers with a
/// sliding window for each that sees everything, and a rotation of their own for the former.
final class Gemma3 implements Architecture {
    /// Every so many layers one has no window.
    private static final int PERIOD = 6;

    /// Layers of the 27B model, which scales attention by another width than the head's.
    private static final int LAYERS_27B = 62;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Hyperparameters shape = parts.shape();
        Rope wide = parts.rope(false).scaled();
        Rope near = parts.rope(false).plain("rope.freq_base_swa", 10_000);
        int window = weights.integer("attention.sliding_window", 1, 1 << 24, 0);
        int scaled = shape.layers() == LAYERS_27B ? shape.width() / shape.heads() : shape.headDim();
        float scale = (float) (1 / Math.sqrt(scaled));
        AttentionShape all = parts.attentionShape(0, scale, true);
        AttentionShape some = parts.attentionShape(window, scale, true);
        List<Block> blocks =
                parts.sandwichLayers(i -> {
                    boolean sees = i % PERIOD == PERIOD - 1;
                    return parts.attention(i, i, sees ? wide : near, sees ? all : some);
                });
        TokenInput input = parts.tokens((float) Math.sqrt(shape.width()));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(input, blocks, List.of(wide, near), head);
    }
}
