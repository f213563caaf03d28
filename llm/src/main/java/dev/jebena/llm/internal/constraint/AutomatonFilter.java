package dev.jebena.llm.internal.constraint;

/// Follows one answer through the automaton of its constraint.
final class AutomatonFilter implements TokenFilter {
    private final Automaton automaton;
    private Situation situation;

    AutomatonFilter(Automaton automaton) {
        this.automaton = automaton;
        this.situation = automaton.start();
    }

    @Override
    public long[] allowed(int remaining) {
        return automaton.allowed(situation, remaining);
    }

    @Override
    public void accept(int id) {
        situation = automaton.after(situation, id);
    }

    /// Whether the text so far is complete.
    boolean complete() {
        return situation.complete();
    }
}
