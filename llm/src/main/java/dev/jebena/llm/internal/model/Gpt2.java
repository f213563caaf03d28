package dev.jebena.llm.internal.model;

import java.util.List;

/// GPT-2: learned positions, layer norms, and biases everywhere.
final class Gpt2 implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        List<Block> blocks =
                parts.preNormLayers(
                        parts::layerNorm,
                        null,
                        parts.causal(0),
                        i -> parts.plain(i, FeedForward.Activation.GELU));
        TokenInput input = parts.tokens(1).withPositions(parts.positions());
        Head head = parts.head(parts.layerNorm("output_norm"));
        return parts.decoder(input, blocks, List.of(), head);
    }
}
