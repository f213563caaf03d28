package dev.jebena.llm;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rules for the tokens of an answer, by their ids. Each method returns a changed copy.
///
/// @param allowed the only tokens that may be chosen, those that end an answer included; null for
///   all
/// @param ends tokens that end the answer, whatever `ignoreEos` says, but not before `minTokens`;
///   not part of the text
/// @param banned sequences of tokens that the answer may not hold
/// @param forced tokens that the answer begins with, whatever the model would choose; nothing ends
///   an answer before the last of them. With log-probabilities they tell how likely the model finds
///   a given text
/// @param special whether all special tokens are part of the text
public record TokenRules(
        @Nullable Set<Integer> allowed,
        Set<Integer> ends,
        List<List<Integer>> banned,
        List<Integer> forced,
        boolean special) {
    private static final TokenRules NONE =
            new TokenRules(null, Set.of(), List.of(), List.of(), false);

    public TokenRules {
        allowed = allowed == null ? null : Set.copyOf(allowed);
        ends = Set.copyOf(ends);
        banned = banned.stream().map(List::copyOf).toList();
        forced = List.copyOf(forced);
    }

    /// No rule at all.
    public static TokenRules none() {
        return NONE;
    }

    public TokenRules allowed(@Nullable Set<Integer> allowed) {
        return new TokenRules(allowed, ends, banned, forced, special);
    }

    public TokenRules ends(Set<Integer> ends) {
        return new TokenRules(allowed, ends, banned, forced, special);
    }

    public TokenRules banned(List<List<Integer>> banned) {
        return new TokenRules(allowed, ends, banned, forced, special);
    }

    public TokenRules forced(List<Integer> forced) {
        return new TokenRules(allowed, ends, banned, forced, special);
    }

    public TokenRules special(boolean special) {
        return new TokenRules(allowed, ends, banned, forced, special);
    }
}
