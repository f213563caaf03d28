package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// Command R, Aya and Command R7B: attention and feed-forward network side by side behind one norm
/// without bias, and a factor on logits. Command R+ has a norm of each query and key head; Command
/// R7B a sliding window in three of four layers, and rotation only in those.
final class Cohere implements Architecture {
    private static final int PERIOD = 4;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(true).scaled();
        boolean turnsEverywhere = weights.architecture().equals("command-r");
        boolean[] windowed = parts.windowed(PERIOD);
        AttentionShape all = parts.causal(0);
        AttentionShape some = parts.causal(parts.window());
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            Rope own = turnsEverywhere || windowed[i] ? rope : null;
            blocks.add(
                    new Parallel(
                            parts.layerNorm(i, "attn_norm"),
                            parts.attention(i, i, own, windowed[i] ? some : all),
                            null,
                            parts.gated(i, FeedForward.Activation.SILU)));
        }
        float factor = (float) weights.number("logit_scale", 1e6, 1);
        Head head = parts.head(parts.layerNorm("output_norm")).scaled(factor);
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
