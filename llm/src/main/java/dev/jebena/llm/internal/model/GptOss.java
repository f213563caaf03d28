package dev.jebena.llm.internal.model;

import dev.jebena.compute.AttentionShape;
import java.util.ArrayList;
import java.util.List;

/// OpenAI's gpt-oss: experts with biases and a limited SiLU, a sliding window in every other layer,
/// and in each layer a logit for each head that takes its share of attention (a sink).
///
/// YaRN's borders are not rounded, as in the model's configuration; llama.cpp rounds them.
final class GptOss implements Architecture {
    private static final int PERIOD = 2;

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Hyperparameters shape = parts.shape();
        Rope rope = parts.rope(false).untruncated().scaled();
        boolean[] windowed = parts.windowed(PERIOD);
        AttentionShape all = parts.causal(0);
        AttentionShape some = parts.causal(parts.window());
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < shape.layers(); i++) {
            AttentionShape attention =
                    (windowed[i] ? some : all)
                            .withSinks(
                                    weights.vector(
                                            "blk." + i + ".attn_sinks.weight", shape.heads()));
            blocks.add(
                    Residual.preNorm(
                            parts.rmsNorm(i, "attn_norm"), parts.attention(i, i, rope, attention)));
            blocks.add(
                    Residual.preNorm(
                            parts.rmsNorm(i, "post_attention_norm"),
                            parts.experts(i, FeedForward.Activation.LIMITED_SILU)));
        }
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
