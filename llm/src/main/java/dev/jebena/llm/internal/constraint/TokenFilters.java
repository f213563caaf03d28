package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import dev.jebena.tokenizers.Tokenizer;
import java.util.Map;
import java.util.WeakHashMap;

/// Makes the filter of a constraint.
public final class TokenFilters {
    private static final Map<Tokenizer, Vocabulary> VOCABULARIES = new WeakHashMap<>();

    private TokenFilters() {}

    /// A fresh filter for one answer. Throws BAD_REQUEST when the constraint makes no sense or uses
    /// what is not supported.
    ///
    /// The vocabulary's trie and the automata of the last constraints are kept, so that all but the
    /// first filter of a constraint cost next to nothing.
    public static TokenFilter of(Constraint constraint, Tokenizer tokenizer) {
        return new AutomatonFilter(vocabulary(tokenizer).automaton(constraint));
    }

    private static Vocabulary vocabulary(Tokenizer tokenizer) {
        synchronized (VOCABULARIES) {
            return VOCABULARIES.computeIfAbsent(tokenizer, Vocabulary::of);
        }
    }
}
