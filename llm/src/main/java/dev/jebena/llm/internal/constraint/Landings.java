package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tokens of a mask in groups that lead to the same situation. Inside of a string most tokens
/// differ in nothing but their length, so there are far fewer groups than tokens, and to ask what
/// each group would still need is cheap enough for every step.
final class Landings {
    private final TokenTrie shortest;
    private final int[][] groups;
    private final int detour;

    /// @param shortest one of the shortest tokens of each group; its id here is the group's number
    /// @param groups the tokens of each
    private Landings(TokenTrie shortest, int[][] groups, int detour) {
        this.shortest = shortest;
        this.groups = groups;
        this.detour = detour;
    }

    /// The groups of the tokens whose bytes lead from `start` to live situations. The caller holds
    /// the automaton's lock.
    static Landings of(Situation start, Automaton automaton, WayOut wayOut, Vocabulary vocabulary) {
        Map<Situation, Integer> numbers = new HashMap<>();
        List<Situation> landings = new ArrayList<>();
        int[] groupOf = new int[vocabulary.bytes().length];
        Arrays.fill(groupOf, -1);
        vocabulary
                .trie()
                .land(
                        start,
                        automaton,
                        (id, to) -> {
                            Integer known = numbers.putIfAbsent(to, landings.size());
                            groupOf[id] = known == null ? landings.size() : known;
                            if (known == null) {
                                landings.add(to);
                            }
                        });
        int[][] groups = groups(groupOf, landings.size());
        byte[][] bytes = new byte[groups.length][];
        for (int group = 0; group < groups.length; group++) {
            for (int id : groups[group]) {
                byte[] one = vocabulary.bytes()[id];
                if (bytes[group] == null || one.length < bytes[group].length) {
                    bytes[group] = one;
                }
            }
        }
        List<Situation> way = wayOut.way(start, 2 * vocabulary.trie().height());
        int detour = 0;
        for (Situation landing : landings) {
            detour = Math.max(detour, wayOut.detour(landing, way));
        }
        return new Landings(TokenTrie.of(bytes), groups, detour);
    }

    private static int[][] groups(int[] groupOf, int count) {
        int[] sizes = new int[count];
        for (int group : groupOf) {
            if (group >= 0) {
                sizes[group]++;
            }
        }
        int[][] groups = new int[count][];
        Arrays.setAll(groups, group -> new int[sizes[group]]);
        for (int id = groupOf.length - 1; id >= 0; id--) {
            if (groupOf[id] >= 0) {
                groups[groupOf[id]][--sizes[groupOf[id]]] = id;
            }
        }
        return groups;
    }

    /// Bytes at most of the way out of any landing before it joins the way out from where the
    /// tokens begin; [Node#NEVER] where one does not.
    int detour() {
        return detour;
    }

    /// The tokens that each group would still need.
    ///
    /// @param from the situation that these are the landings of, or one that shares its mask
    /// @param most numbers above it need not be told apart
    /// @param shorter tokens of so many bytes or less are not asked about
    /// @param fit gets the bits of the groups that need no more than `most`
    /// @return the largest number
    int needs(Situation from, Automaton automaton, int most, int shorter, long[] fit) {
        return shortest.mark(from, automaton, most, shorter, fit);
    }

    /// The number of groups.
    int count() {
        return groups.length;
    }

    /// The tokens of the groups with a bit in `fit`.
    ///
    /// @param all the tokens of all groups, and maybe some that end the text
    long[] tokens(long[] fit, long[] all) {
        int some = 0;
        int total = 0;
        for (int group = 0; group < groups.length; group++) {
            total += groups[group].length;
            some += isSet(fit, group) ? groups[group].length : 0;
        }
        // The shorter way: from none, or from all.
        boolean few = some < total / 2;
        long[] mask = few ? new long[all.length] : all.clone();
        for (int group = 0; group < groups.length; group++) {
            if (isSet(fit, group) == few) {
                for (int id : groups[group]) {
                    mask[id >> 6] ^= 1L << id;
                }
            }
        }
        return mask;
    }

    private static boolean isSet(long[] bits, int i) {
        return (bits[i >> 6] >>> i & 1) != 0;
    }
}
