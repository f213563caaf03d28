package dev.jebena.llm.internal.model;

import java.util.List;

/// Llama 1 to 3, and what shares its graph: Mistral, Code Llama, Vicuna, SmolLM, TinyLlama.
///
/// In this family's files the rows of the query and key matrices are permuted so that rotation
/// pairs neighbours.
final class Llama implements Architecture {
    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(true).scaled();
        return parts.decoder(1, parts.preNormLayers(rope), List.of(rope));
    }
}
