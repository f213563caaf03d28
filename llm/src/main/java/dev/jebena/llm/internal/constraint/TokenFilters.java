package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import dev.jebena.tokenizers.Tokenizer;
import org.jspecify.annotations.Nullable;

/// Makes the filters of constraints for one model. Its vocabulary's trie, made for the first
/// constraint, and the automata of the last constraints are kept, so that all but the first filter
/// of a constraint cost next to nothing.
public final class TokenFilters {
    private final Tokenizer tokenizer;
    private @Nullable Vocabulary vocabulary;

    public TokenFilters(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// A fresh filter for one answer. Throws BAD_REQUEST when the constraint makes no sense or uses
    /// what is not supported.
    public TokenFilter of(Constraint constraint) {
        return constraint instanceof Constraint.Lazy lazy
                ? new LazyFilter(lazy, vocabulary())
                : new AutomatonFilter(vocabulary().automaton(constraint));
    }

    private synchronized Vocabulary vocabulary() {
        Vocabulary known = vocabulary;
        if (known == null) {
            known = Vocabulary.of(tokenizer);
            vocabulary = known;
        }
        return known;
    }
}
