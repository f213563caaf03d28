package dev.jebena.llm;

import java.util.List;
import java.util.Set;

/// The form of gpt-oss answers: messages of channels. `analysis` is thinking, `final` the answer,
/// and what `commentary` tells a function is a call.
final class Harmony {
    static final String THINKING = "<|channel|>analysis<|message|>";
    static final String END = "<|end|>";

    /// The special tokens of the form.
    static final Set<String> TOKENS =
            Set.of(
                    "<|start|>",
                    "<|channel|>",
                    "<|message|>",
                    "<|constrain|>",
                    END,
                    "<|return|>",
                    "<|call|>");

    private static final Constraint THOUGHTS =
            new Constraint.Sequence(
                    List.of(
                            new Constraint.Free(List.of(END)),
                            new Constraint.Text(END + "<|start|>assistant")));
    private static final Constraint ANALYSIS =
            TaggedArguments.optional(
                    new Constraint.Sequence(List.of(new Constraint.Text(THINKING), THOUGHTS)));

    private Harmony() {}

    /// A message, with thinking before it if the model likes.
    static Constraint afterThinking(Constraint message) {
        return new Constraint.Sequence(List.of(ANALYSIS, message));
    }

    /// An answer that follows `constraint`, or that which is a message already.
    ///
    /// @param open whether the prompt has begun the thinking
    static Constraint answer(Constraint constraint, boolean open) {
        boolean message =
                constraint instanceof Constraint.Sequence(List<Constraint> parts)
                        && !parts.isEmpty()
                        && parts.getFirst().equals(ANALYSIS);
        Constraint said =
                message
                        ? ((Constraint.Sequence) constraint).parts().getLast()
                        : new Constraint.Sequence(
                                List.of(
                                        new Constraint.Text("<|channel|>final<|message|>"),
                                        constraint));
        return new Constraint.Sequence(List.of(open ? THOUGHTS : ANALYSIS, said));
    }
}
