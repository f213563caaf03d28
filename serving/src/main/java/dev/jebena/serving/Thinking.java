package dev.jebena.serving;

import dev.jebena.llm.Generation;
import dev.jebena.llm.ReasoningMarks;
import dev.jebena.llm.ReasoningText;
import org.jspecify.annotations.Nullable;

/// How one answer thinks.
///
/// @param marks around the thinking; null where the model does not think
/// @param open whether the prompt has begun it already
/// @param wish what the request says about it
record Thinking(@Nullable ReasoningMarks marks, boolean open, ThinkingWish wish) {
    static final Thinking NONE = new Thinking(null, false, ThinkingWish.NONE);

    static Thinking of(ModelLease lease, String prompt, ThinkingWish wish) {
        ReasoningMarks marks = lease.reasoning();
        // Such a prompt has ended the thinking before it began.
        boolean ended = marks != null && prompt.stripTrailing().endsWith(marks.end());
        return marks == null || ended
                ? new Thinking(null, false, wish)
                : new Thinking(marks, marks.openIn(prompt), wish);
    }

    /// What tells the thinking apart; null where nothing is to be.
    @Nullable ReasoningText text() {
        return marks == null || !wish.split() ? null : new ReasoningText(marks, open);
    }

    /// The options with the engine's part: the budget, a constraint that waits for the answer, and
    /// the special tokens that are part of the text.
    Generation over(Generation options, ModelLease lease) {
        Generation whole = marks == null ? options : marks.over(options, open, wish.budget());
        return whole.visible(lease.visible());
    }
}
