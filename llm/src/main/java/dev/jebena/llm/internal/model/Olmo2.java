package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// OLMo 2 and 3: norms behind each body, and of all queries and all keys of a token together. OLMo
/// 3 has a sliding window in three of four layers, whose rotation is not stretched.
final class Olmo2 implements Architecture {
    private static final int PERIOD = 4;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope wide = parts.rope(false).scaled();
        Rope near = parts.rope(false).unscaled();
        int window = parts.window();
        boolean[] windowed = parts.windowed(PERIOD);
        AttentionShape all = parts.causal(0);
        AttentionShape some = parts.causal(window);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            boolean sees = !windowed[i];
            blocks.add(
                    Residual.sandwich(
                            null,
                            parts.attention(i, i, sees ? wide : near, sees ? all : some),
                            parts.rmsNorm(i, "post_attention_norm")));
            blocks.add(
                    Residual.sandwich(
                            null,
                            parts.gated(i, FeedForward.Activation.SILU),
                            parts.rmsNorm(i, "post_ffw_norm")));
        }
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(wide, near), head);
    }
}
