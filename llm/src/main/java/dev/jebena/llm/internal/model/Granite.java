package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// Granite 3: Llama's graph with factors on embeddings, attention, what residual connections add,
/// and logits; with experts, Granite MoE. MiniCPM has the same, with factors that older files do
/// not name.
final class Granite implements Architecture {
    private static final double MOST = 1e6;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Hyperparameters shape = parts.shape();
        boolean mini = weights.architecture().equals("minicpm");
        float embedding = (float) weights.number("embedding_scale", MOST, mini ? 12 : 1);
        float added =
                (float)
                        weights.number(
                                "residual_scale", MOST, mini ? 1.4 / Math.sqrt(shape.layers()) : 1);
        double divisor = weights.number("logit_scale", MOST, mini ? shape.width() / 256.0 : 1);
        double scale = weights.number("attention.scale", MOST, 1 / Math.sqrt(shape.headDim()));
        AttentionShape attention = parts.attentionShape(0, (float) scale, true);
        Rope rope = parts.rope(true).scaled();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            Attention heads = parts.attention(i, i, rope, attention);
            blocks.add(Residual.preNorm(parts.rmsNorm(i, "attn_norm"), heads).scaled(added));
            Body feedForward =
                    parts.mixes()
                            ? parts.experts(i, true)
                            : parts.gated(i, FeedForward.Activation.SILU);
            blocks.add(Residual.preNorm(parts.rmsNorm(i, "ffn_norm"), feedForward).scaled(added));
        }
        Head head = parts.head(parts.rmsNorm("output_norm")).scaled((float) (1 / divisor));
        return parts.decoder(parts.tokens(embedding), blocks, List.of(rope), head);
    }
}
