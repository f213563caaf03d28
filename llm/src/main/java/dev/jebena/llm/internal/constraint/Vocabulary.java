package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import dev.jebena.tokenizers.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A tokenizer's vocabulary prepared for constraints, with the automata made for it lately.
///
/// @param bytes the bytes of each token; empty for tokens that are not text
/// @param ends the tokens that end an answer
record Vocabulary(
        byte[][] bytes,
        int[] ends,
        TokenTrie trie,
        TokenNames names,
        Map<Constraint, Slot> automata) {
    private static final int KEPT_AUTOMATA = 16;

    static Vocabulary of(Tokenizer tokenizer) {
        int size = tokenizer.vocabularySize();
        byte[][] bytes = new byte[size][];
        for (int id = 0; id < size; id++) {
            bytes[id] = tokenizer.isSpecial(id) ? new byte[0] : tokenizer.bytes(id, false);
        }
        int[] ends = IntStream.range(0, size).filter(tokenizer::endsGeneration).toArray();
        for (int end : ends) {
            bytes[end] = new byte[0];
        }
        return new Vocabulary(bytes, ends, TokenTrie.of(bytes), new Names(tokenizer), new Recent());
    }

    private record Names(Tokenizer tokenizer) implements TokenNames {
        @Override
        public int id(String text) {
            int[] ids = tokenizer.encode(text, false, true);
            return ids.length == 1 ? ids[0] : -1;
        }

        @Override
        public int special(String text) {
            int id = tokenizer.id(text).orElse(-1);
            return id >= 0 && tokenizer.isSpecial(id) ? id : -1;
        }

        @Override
        public String text(int id) {
            return tokenizer.token(id);
        }
    }

    static Vocabulary of(byte[][] bytes, int[] ends) {
        return new Vocabulary(bytes, ends, TokenTrie.of(bytes), text -> -1, new Recent());
    }

    /// Whether each byte that a completion may need is a token, so that it needs no more tokens
    /// than bytes. Not asked for are the bytes from f1, which begin characters that hardly any text
    /// has: published vocabularies lack some, and cannot say these characters with or without a
    /// limit.
    boolean hasBytes() {
        return IntStream.concat(IntStream.rangeClosed(' ', '~'), IntStream.rangeClosed(0x80, 0xf0))
                .filter(b -> b != 0xc0 && b != 0xc1)
                .map(b -> trie.child(TokenTrie.ROOT, b))
                .allMatch(node -> node >= 0 && trie.isToken(node));
    }

    /// The automaton of a constraint. It is made once, whoever else asks, and others need not wait.
    Automaton automaton(Constraint constraint) {
        Slot slot;
        synchronized (automata) {
            slot = automata.computeIfAbsent(constraint, key -> new Slot());
        }
        return slot.automaton(constraint, this);
    }

    /// Has the automaton of one constraint.
    static final class Slot {
        private @Nullable Automaton automaton;

        private synchronized Automaton automaton(Constraint constraint, Vocabulary vocabulary) {
            Automaton known = automaton;
            if (known == null) {
                Rule root = ConstraintGrammar.of(constraint, vocabulary.names);
                known = new Automaton(root, vocabulary);
                known.allowed(known.start(), Integer.MAX_VALUE);
                automaton = known;
            }
            return known;
        }
    }

    private static final class Recent extends LinkedHashMap<Constraint, Slot> {
        private static final long serialVersionUID = 1;

        Recent() {
            super(KEPT_AUTOMATA, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Constraint, Slot> eldest) {
            return size() > KEPT_AUTOMATA;
        }
    }
}
