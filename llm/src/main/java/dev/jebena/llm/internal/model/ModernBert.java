package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// ModernBERT: two of three layers see only what is near, with their own rotation; norms before
/// each body but the first, one matrix for gate and what it gates, no biases.
final class ModernBert implements Architecture {
    private static final int PERIOD = 3;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        int layers = parts.shape().layers();
        Rope wide = parts.rope(false).scaled();
        Rope near = parts.rope(false).plain("rope.freq_base_swa", 10_000);
        // Half of the window lies on either side of a token.
        int half = parts.window() / 2;
        float scale = (float) (1 / Math.sqrt(parts.shape().headDim()));
        AttentionShape all = parts.bothWays();
        AttentionShape some = parts.attentionShape(half + 1, scale, false);
        boolean[] windowed =
                half == 0
                        ? new boolean[layers]
                        : weights.pattern("attention.sliding_window_pattern", layers, PERIOD, true);
        FeedForward.Activation activation =
                weights.text("hidden_activation", "gelu").equals("silu")
                        ? FeedForward.Activation.SILU
                        : FeedForward.Activation.GELU;
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            Attention attention =
                    parts.attention(i, 0, windowed[i] ? near : wide, windowed[i] ? some : all);
            blocks.add(Residual.preNorm(parts.optionalNorm(i, "attn_norm"), attention));
            blocks.add(
                    Residual.preNorm(
                            parts.layerNorm(i, "ffn_norm"), parts.fusedGated(i, activation)));
        }
        blocks.add(new FinalNorm(parts.layerNorm("output_norm")));
        return parts.encoder(parts.typedTokens(), blocks, List.of(wide, near));
    }
}
