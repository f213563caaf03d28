package dev.jebena.llm.internal.model;

import java.util.ArrayList;
import java.util.List;

/// SmolLM 3: Llama's graph without rotation in every fourth layer.
final class SmolLm3 implements Architecture {
    private static final int PERIOD = 4;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(true).scaled();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            Rope own = i % PERIOD == PERIOD - 1 ? null : rope;
            Attention attention = parts.attention(i, i, own, parts.causal(0));
            blocks.add(Residual.preNorm(parts.rmsNorm(i, "attn_norm"), attention));
            blocks.add(
                    Residual.preNorm(
                            parts.rmsNorm(i, "ffn_norm"),
                            parts.gated(i, FeedForward.Activation.SILU)));
        }
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
