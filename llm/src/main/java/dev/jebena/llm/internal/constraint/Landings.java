package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tokens of a mask in groups that lead to the same situation. Inside of a string most tokens
/// differ in nothing but their length, so there are far fewer groups than tokens, and to ask what
/// each group would still need is cheap enough for every step.
final class Landings {
    private final TokenTrie shortest;
    private final int[][] groups;

    /// @param shortest one of the shortest tokens of each group; its id here is the group's number
    /// @param groups the tokens of each
    private Landings(TokenTrie shortest, int[][] groups) {
        this.shortest = shortest;
        this.groups = groups;
    }

    /// The groups of the tokens whose bytes lead from `start` to live situations.
    static Landings of(Situation start, Automaton automaton, Vocabulary vocabulary) {
        Map<Situation, List<Integer>> tokens = new LinkedHashMap<>();
        vocabulary
                .trie()
                .land(
                        start,
                        automaton,
                        (id, to) -> tokens.computeIfAbsent(to, key -> new ArrayList<>()).add(id));
        byte[][] bytes = new byte[tokens.size()][];
        int[][] groups = new int[tokens.size()][];
        int group = 0;
        for (List<Integer> ids : tokens.values()) {
            groups[group] = ids.stream().mapToInt(id -> id).toArray();
            byte[] least = vocabulary.bytes()[groups[group][0]];
            for (int id : groups[group]) {
                byte[] other = vocabulary.bytes()[id];
                least = other.length < least.length ? other : least;
            }
            bytes[group++] = least;
        }
        return new Landings(TokenTrie.of(bytes), groups);
    }

    /// The tokens that each group would still need.
    ///
    /// @param from the situation that these are the landings of, or one that shares its mask
    /// @param most numbers above it need not be told apart
    /// @param fit gets the bits of the groups that need no more than `most`
    /// @return the largest number
    int needs(Situation from, Automaton automaton, int most, long[] fit) {
        return shortest.mark(from, automaton, most, fit);
    }

    /// The number of groups.
    int count() {
        return groups.length;
    }

    /// Takes the tokens of the groups without a bit in `fit` from `mask`.
    void keep(long[] fit, long[] mask) {
        for (int group = 0; group < groups.length; group++) {
            if ((fit[group >> 6] >>> group & 1) == 0) {
                for (int id : groups[group]) {
                    mask[id >> 6] &= ~(1L << id);
                }
            }
        }
    }
}
