package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import dev.jebena.tokenizers.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// A tokenizer's vocabulary prepared for constraints, with the automata made for it lately.
///
/// @param bytes the bytes of each token; empty for tokens that are not text
/// @param ends the tokens that end an answer
/// @param named the id of a token by its text, or -1
record Vocabulary(
        byte[][] bytes,
        int[] ends,
        TokenTrie trie,
        ToIntFunction<String> named,
        Map<Constraint, Automaton> automata) {
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
        return new Vocabulary(
                bytes, ends, TokenTrie.of(bytes), text -> token(tokenizer, text), new Recent());
    }

    private static int token(Tokenizer tokenizer, String text) {
        int[] ids = tokenizer.encode(text, false, true);
        return ids.length == 1 ? ids[0] : -1;
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

    Automaton automaton(Constraint constraint) {
        synchronized (automata) {
            Automaton known = automata.get(constraint);
            if (known == null) {
                known = new Automaton(ConstraintGrammar.of(constraint, named), this);
                automata.put(constraint, known);
            }
            return known;
        }
    }

    private static final class Recent extends LinkedHashMap<Constraint, Automaton> {
        private static final long serialVersionUID = 1;

        Recent() {
            super(KEPT_AUTOMATA, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Constraint, Automaton> eldest) {
            return size() > KEPT_AUTOMATA;
        }
    }
}
