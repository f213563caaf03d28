package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.LlmException;

/// Follows one answer through the automaton of its constraint.
final class AutomatonFilter implements TokenFilter {
    private final Automaton automaton;
    private Situation situation;

    AutomatonFilter(Automaton automaton) {
        this(automaton, automaton.start());
    }

    /// @param situation where the text has led already
    AutomatonFilter(Automaton automaton, Situation situation) {
        this.automaton = automaton;
        this.situation = situation;
    }

    @Override
    public long[] allowed(int remaining) {
        return automaton.allowed(situation, remaining);
    }

    @Override
    public void accept(int id) {
        situation = automaton.after(situation, id);
    }

    @Override
    public void prepare(int remaining) {
        if (automaton.isPrepared(situation, remaining)) {
            return;
        }
        Situation next = situation;
        Thread.startVirtualThread(() -> {
            try {
                automaton.allowed(next, remaining);
            } catch (LlmException e) {
                // It comes again when the mask is asked for.
                return;
            }
        });
    }

    /// Whether the text so far is complete.
    boolean complete() {
        return situation.complete();
    }
}
