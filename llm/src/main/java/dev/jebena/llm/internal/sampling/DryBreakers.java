package dev.jebena.llm.internal.sampling;

import dev.jebena.tokenizers.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;

/// The token sequences with which a breaker of DRY can come into a text: a token that holds it, or
/// a token that ends with its beginning and the tokens of its rest.
final class DryBreakers {
    static final DryBreakers NONE = new DryBreakers(Map.of());

    private static final int MAX_CHARACTERS = 40;
    private static final int MAX_REST = 20;
    private static final int KEPT = 8;
    private static final Map<Tokenizer, Map<List<String>, DryBreakers>> KNOWN = new WeakHashMap<>();

    private final Map<Integer, List<int[]>> rests;

    private DryBreakers(Map<Integer, List<int[]>> rests) {
        this.rests = rests;
    }

    static DryBreakers of(Tokenizer tokenizer, List<String> texts) {
        if (texts.isEmpty()) {
            return NONE;
        }
        synchronized (KNOWN) {
            return KNOWN.computeIfAbsent(tokenizer, key -> new Recent())
                    .computeIfAbsent(
                            texts,
                            key ->
                                    made(
                                            tokenizer.vocabularySize(),
                                            id -> word(tokenizer, id),
                                            text -> tokenizer.encode(text, false, false),
                                            texts));
        }
    }

    private static String word(Tokenizer tokenizer, int id) {
        return new String(tokenizer.bytes(id, true), StandardCharsets.UTF_8);
    }

    /// @param size number of tokens
    /// @param words the text of a token
    /// @param encode the tokens of a text
    static DryBreakers made(
            int size,
            IntFunction<String> words,
            Function<String, int[]> encode,
            List<String> texts) {
        Map<Integer, List<int[]>> rests = new HashMap<>();
        List<String> cut =
                texts.stream()
                        .filter(text -> !text.isEmpty())
                        .map(text -> text.substring(0, Math.min(text.length(), MAX_CHARACTERS)))
                        .toList();
        for (int id = 0; id < size; id++) {
            String word = words.apply(id);
            for (String text : cut) {
                add(rests, id, word, text, encode);
            }
        }
        return new DryBreakers(rests);
    }

    private static void add(
            Map<Integer, List<int[]>> rests,
            int id,
            String word,
            String text,
            Function<String, int[]> encode) {
        if (word.contains(text)) {
            rests.computeIfAbsent(id, key -> new ArrayList<>()).add(new int[0]);
            return;
        }
        for (int length = Math.min(word.length(), text.length() - 1); length > 0; length--) {
            if (word.endsWith(text.substring(0, length))) {
                int[] rest = encode.apply(text.substring(length));
                rests.computeIfAbsent(id, key -> new ArrayList<>())
                        .add(Arrays.copyOf(rest, Math.min(rest.length, MAX_REST)));
            }
        }
    }

    /// Whether the token alone is a breaker.
    boolean isBreaker(int id) {
        return rests.getOrDefault(id, List.of()).stream().anyMatch(rest -> rest.length == 0);
    }

    /// Tokens that follow the last breaker among the last `window` of `size` tokens; `window` where
    /// there is none.
    int tokensAfterLast(int[] tokens, int size, int window) {
        for (int i = 0; i < window; i++) {
            int longest = -1;
            int begin = size - 1 - i;
            for (int[] rest : rests.getOrDefault(tokens[begin], List.of())) {
                boolean follows =
                        rest.length <= i
                                && Arrays.equals(
                                        rest,
                                        0,
                                        rest.length,
                                        tokens,
                                        begin + 1,
                                        begin + 1 + rest.length);
                longest = follows ? Math.max(longest, rest.length) : longest;
            }
            if (longest >= 0) {
                return i - longest;
            }
        }
        return window;
    }

    private static final class Recent extends LinkedHashMap<List<String>, DryBreakers> {
        private static final long serialVersionUID = 1;

        Recent() {
            super(KEPT, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, DryBreakers> eldest) {
            return size() > KEPT;
        }
    }
}
