package dev.jebena.llm.internal.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model ready to be computed.
///
/// @param ropes tables of positions that the blocks use
/// @param head null for a model that only embeds
/// @param pooling NONE for a model that continues text
/// @param classifier head of a model that scores texts, or null
/// @param causal whether a token sees earlier ones only
/// @param memory what it keeps of each sequence
public record Graph(
        Hyperparameters shape,
        TokenInput input,
        List<Block> blocks,
        List<Rope> ropes,
        @Nullable Head head,
        Pooling pooling,
        @Nullable Classifier classifier,
        boolean causal,
        SequenceMemory memory) {
    /// The same graph, keeping something else.
    Graph keeping(SequenceMemory other) {
        return new Graph(shape, input, blocks, ropes, head, pooling, classifier, causal, other);
    }

    Scratch.Plan plan() {
        Scratch.Plan plan = new Scratch.Plan();
        plan.reserve(Scratch.Slot.HIDDEN, shape.width());
        plan.reserve(Scratch.Slot.NORMED, shape.width());
        plan.reserve(Scratch.Slot.OUTPUT, shape.width());
        plan.reserve(Scratch.Slot.SAMPLED, shape.width());
        blocks.forEach(block -> block.reserve(plan));
        if (head != null) {
            head.reserve(plan);
        }
        return plan;
    }
}
