package dev.jebena.llm.internal.constraint;

import java.util.List;

/// The tree of a regular expression.
sealed interface RegexNode {
    /// One character of `ranges`, pairs of first and last.
    record OneOf(List<int[]> ranges) implements RegexNode {}

    record Sequence(List<RegexNode> parts) implements RegexNode {}

    record Choice(List<RegexNode> alternatives) implements RegexNode {}

    /// @param most -1 for no bound
    record Repeat(RegexNode part, int least, int most) implements RegexNode {}

    /// The beginning of the text, or its end; [Anchors] takes them out.
    record Anchor(boolean start) implements RegexNode {}
}
