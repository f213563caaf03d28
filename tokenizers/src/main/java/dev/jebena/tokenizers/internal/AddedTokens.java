package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tokens that are found in text before it is split into words. They lie in a trie over bytes; text
/// is left quickly where no token begins with its byte.
final class AddedTokens {
    /// @param text what is looked for
    /// @param special whether it is found only when special tokens are asked for
    /// @param stripLeft spaces before it belong to it
    /// @param stripRight spaces after it belong to it
    /// @param singleWord found only between characters that are not part of words
    record Token(
            int id,
            byte[] text,
            boolean special,
            boolean stripLeft,
            boolean stripRight,
            boolean singleWord) {}

    /// Token `token` found at `text[from, to)`, with the spaces that it swallows.
    record Match(Token token, int from, int to) {}

    private static final int MOST_BYTES = 1 << 20;

    private final boolean[] begins = new boolean[256];
    private final Map<Long, Integer> edges = new HashMap<>();
    private final List<@Nullable Token> ends = new ArrayList<>();
    private final boolean longestTokenFirst;
    private final boolean anySpecial;
    private final boolean anyPlain;

    /// @param longestTokenFirst whether of all tokens in a text the longest claims its place first
    ///   (llama.cpp), or the text is read from left to right (Hugging Face)
    AddedTokens(List<Token> tokens, boolean longestTokenFirst) {
        this.longestTokenFirst = longestTokenFirst;
        ends.add(null);
        boolean special = false;
        boolean plain = false;
        for (Token token : tokens) {
            if (token.text.length > 0) {
                insert(token);
                special |= token.special;
                plain |= !token.special;
            }
        }
        anySpecial = special;
        anyPlain = plain;
    }

    private void insert(Token token) {
        begins[token.text[0] & 0xFF] = true;
        int node = 0;
        for (byte b : token.text) {
            Integer child = edges.get(edge(node, b));
            if (child == null) {
                child = ends.size();
                if (child > MOST_BYTES) {
                    throw new TokenizerException(
                            "the special tokens have more than " + MOST_BYTES + " bytes together");
                }
                edges.put(edge(node, b), child);
                ends.add(null);
            }
            node = child;
        }
        ends.set(node, token);
    }

    private static Long edge(int node, byte b) {
        return ((long) node << 8) | (b & 0xFF);
    }

    /// The tokens in `text`, in order and not overlapping. Without `parseSpecial` special tokens
    /// are not found.
    List<Match> find(byte[] text, boolean parseSpecial) {
        if (!anyPlain && !(anySpecial && parseSpecial)) {
            return List.of();
        }
        return longestTokenFirst
                ? new TokenClaims(text.length).resolve(text, occurrences(text, parseSpecial))
                : leftToRight(text, parseSpecial);
    }

    private List<Match> leftToRight(byte[] text, boolean parseSpecial) {
        List<Match> found = new ArrayList<>();
        int at = 0;
        int free = 0;
        while (at < text.length) {
            Token token = begins[text[at] & 0xFF] ? longest(text, at) : null;
            if (token == null) {
                at++;
                continue;
            }
            int end = at + token.text.length;
            if (!(token.special && !parseSpecial)
                    && !(token.singleWord && Spaces.insideWord(text, at, end))) {
                int from = token.stripLeft ? Spaces.before(text, at, free) : at;
                int to = token.stripRight ? Spaces.after(text, end, text.length) : end;
                found.add(new Match(token, from, to));
                free = to;
                end = Math.max(end, to);
            }
            at = end;
        }
        return found;
    }

    /// How long the longest token is that lies at `text[at]` and ends by `to`; 0 for none.
    int longestAt(byte[] text, int at, int to) {
        Token token = begins[text[at] & 0xFF] ? longest(text, at) : null;
        return token == null || at + token.text.length > to ? 0 : token.text.length;
    }

    private @Nullable Token longest(byte[] text, int at) {
        Token best = null;
        int node = 0;
        for (int i = at; i < text.length; i++) {
            Integer child = edges.get(edge(node, text[i]));
            if (child == null) {
                return best;
            }
            node = child;
            Token token = ends.get(node);
            best = token == null ? best : token;
        }
        return best;
    }

    private List<Match> occurrences(byte[] text, boolean parseSpecial) {
        List<Match> found = new ArrayList<>();
        for (int at = 0; at < text.length; at++) {
            if (!begins[text[at] & 0xFF]) {
                continue;
            }
            int node = 0;
            for (int i = at; i < text.length; i++) {
                Integer child = edges.get(edge(node, text[i]));
                if (child == null) {
                    break;
                }
                node = child;
                Token token = ends.get(node);
                if (token != null && (parseSpecial || !token.special)) {
                    found.add(new Match(token, at, i + 1));
                }
            }
        }
        return found;
    }
}
