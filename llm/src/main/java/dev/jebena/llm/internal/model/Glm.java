package dev.jebena.llm.internal.model;

import java.util.ArrayList;
import java.util.List;

/// GLM 4: rotation of half of each head, biases on queries, keys and values, one matrix for the
/// gate and what it gates; since 0414 with norms behind each body as well.
final class Glm implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(true).scaled();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < parts.shape().layers(); i++) {
            blocks.add(
                    Residual.sandwich(
                            parts.rmsNorm(i, "attn_norm"),
                            parts.attention(i, i, rope, parts.causal(0)),
                            parts.optionalNorm(i, "post_attention_norm")));
            blocks.add(
                    Residual.sandwich(
                            parts.rmsNorm(i, "ffn_norm"),
                            parts.fusedGated(i, FeedForward.Activation.SILU),
                            parts.optionalNorm(i, "post_ffw_norm")));
        }
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
