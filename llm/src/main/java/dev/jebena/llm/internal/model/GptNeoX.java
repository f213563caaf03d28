package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// GPT-NeoX, Pythia: rotation of the first part of each head, and attention and feed-forward
/// network side by side or, in some models, one after the other.
final class GptNeoX implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        List<Block> blocks =
                weights.flag("use_parallel_residual", true)
                        ? parallel(parts, rope)
                        : parts.preNormLayers(
                                parts::layerNorm,
                                rope,
                                parts.causal(0),
                                i -> parts.plain(i, FeedForward.Activation.GELU));
        Head head = parts.head(parts.layerNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }

    private static List<Block> parallel(Parts parts, Rope rope) {
        AttentionShape attention = parts.causal(0);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            blocks.add(
                    new Parallel(
                            parts.layerNorm(i, "attn_norm"),
                            parts.attention(i, i, rope, attention),
                            parts.layerNorm(i, "ffn_norm"),
                            parts.plain(i, FeedForward.Activation.GELU)));
        }
        return blocks;
    }
}
