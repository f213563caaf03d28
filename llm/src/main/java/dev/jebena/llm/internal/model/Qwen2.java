package dev.jebena.llm.internal.model;

import java.util.List;

/// Qwen 2 and 2.5: Llama's graph with biases on queries, keys and values, and rotation that pairs
/// the two halves of a head.
final class Qwen2 implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        return parts.decoder(1, parts.preNormLayers(rope), List.of(rope));
    }
}
