package dev.jebena.tokenizers.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Chooses among overlapping occurrences of tokens as llama.cpp does: the longest token takes its
/// places first, from left to right, then the next one in what is left.
final class TokenClaims {
    private final BitSet taken;

    TokenClaims(int length) {
        taken = new BitSet(length);
    }

    List<AddedTokens.Match> resolve(byte[] text, List<AddedTokens.Match> occurrences) {
        List<AddedTokens.Match> candidates = new ArrayList<>(occurrences);
        candidates.sort(TokenClaims::compare);
        List<AddedTokens.Match> chosen = new ArrayList<>();
        for (AddedTokens.Match match : candidates) {
            // What is taken already is at least as long, so looking at both ends is enough.
            if (!taken.get(match.from()) && !taken.get(match.to() - 1)) {
                chosen.add(claim(text, match));
            }
        }
        chosen.sort((a, b) -> Integer.compare(a.from(), b.from()));
        return chosen;
    }

    /// The longest token first. By hand, as the comparators of the JDK, which can be serialized,
    /// are made anew at every start.
    private static int compare(AddedTokens.Match a, AddedTokens.Match b) {
        int lengths = Integer.compare(b.token().text().length, a.token().text().length);
        int ids = Integer.compare(a.token().id(), b.token().id());
        return lengths != 0 ? lengths : ids != 0 ? ids : Integer.compare(a.from(), b.from());
    }

    private AddedTokens.Match claim(byte[] text, AddedTokens.Match match) {
        int from = match.from();
        int to = match.to();
        if (match.token().stripLeft()) {
            while (from > 0 && !taken.get(from - 1) && Spaces.isAsciiSpace(text[from - 1])) {
                from--;
            }
        }
        if (match.token().stripRight()) {
            while (to < text.length && !taken.get(to) && Spaces.isAsciiSpace(text[to])) {
                to++;
            }
        }
        taken.set(from, to);
        return new AddedTokens.Match(match.token(), from, to);
    }
}
