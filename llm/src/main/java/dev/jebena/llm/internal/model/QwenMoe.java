package dev.jebena.llm.internal.model;

import java.util.List;
import java.util.function.BiFunction;

/// Qwen's graph with experts. Those of Qwen 2 and 1.5 share one that sees all rows, and the weights
/// of the others are used as they are; those of Qwen 3 share none, and the weights are made to add
/// up to 1.
final class QwenMoe implements Architecture {
    private final BiFunction<Parts, Integer, Experts> experts;

    private QwenMoe(BiFunction<Parts, Integer, Experts> experts) {
        this.experts = experts;
    }

    static QwenMoe ofQwen2() {
        return new QwenMoe((parts, layer) -> parts.sharedExperts(layer, false));
    }

    static QwenMoe ofQwen3() {
        return new QwenMoe((parts, layer) -> parts.experts(layer, true));
    }

    @Override
    public Graph build(Weights weights) {
        Parts parts = new Parts(weights);
        Rope rope = parts.rope(false).scaled();
        List<Block> blocks =
                parts.preNormLayers(
                        parts::rmsNorm, rope, parts.causal(0), i -> experts.apply(parts, i));
        Head head = parts.head(parts.rmsNorm("output_norm"));
        return parts.decoder(parts.tokens(1), blocks, List.of(rope), head);
    }
}
