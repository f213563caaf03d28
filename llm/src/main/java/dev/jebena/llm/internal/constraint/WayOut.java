package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.List;

/// Counts the tokens that a text needs for its completion.
///
/// Each situation has one way out, a shortest one in bytes, and the ways out of the situations on
/// it are its rest. The number is the least of tokens that make up exactly that way. So each
/// situation has a token that leads to one with a number smaller by one: who keeps the number
/// within a limit can always go on doing so.
final class WayOut {
    /// Longer ways are not followed: they count as if each byte took a token, or as none where the
    /// bound on nesting makes them longer than they seemed.
    private static final int LONGEST = 1 << 14;

    private final Automaton automaton;
    private final TokenTrie trie;

    WayOut(Automaton automaton, TokenTrie trie) {
        this.automaton = automaton;
        this.trie = trie;
    }

    /// See [Automaton#tokensToEnd]. The caller holds the lock.
    int tokens(Situation start) {
        if (start.tokens >= 0) {
            return start.tokens;
        }
        if (start.shortest() > LONGEST) {
            return start.shortest();
        }
        List<Situation> way = new ArrayList<>();
        for (Situation at = start; at.tokens < 0; at = rest(at)) {
            if (at.shortest() == 0) {
                at.tokens = 0;
                at.mostTokens = 0;
            } else if ((at.wayOut() < 0 && at.wayToken() < 0) || way.size() > LONGEST) {
                at.tokens = Node.NEVER;
            } else {
                way.add(at);
                continue;
            }
            break;
        }
        for (Situation situation : way.reversed()) {
            situation.tokens = counted(situation);
            situation.mostTokens = Math.max(situation.tokens, rest(situation).mostTokens);
        }
        return start.tokens;
    }

    /// The largest number of the situations on the way out.
    int mostTokens(Situation start) {
        tokens(start);
        return start.mostTokens;
    }

    /// Bytes of the way out of `from` before it joins that of a situation, given as its first
    /// situations `way`; [Node#NEVER] where that is not soon.
    int detour(Situation from, List<Situation> way) {
        Situation at = from;
        for (int bytes = 0; bytes < way.size(); bytes++) {
            int place = way.getFirst().shortest() - at.shortest();
            boolean joined = place >= 0 && place < way.size() && way.get(place) == at;
            if (joined || at.shortest() == 0) {
                return bytes;
            }
            if (at.wayOut() < 0 && at.wayToken() < 0) {
                break;
            }
            at = rest(at);
        }
        return Node.NEVER;
    }

    /// The first situations of the way out, the one that it leaves included.
    List<Situation> way(Situation from, int most) {
        List<Situation> way = new ArrayList<>(List.of(from));
        Situation at = from;
        while (way.size() < most && (at.wayOut() >= 0 || at.wayToken() >= 0)) {
            at = rest(at);
            way.add(at);
        }
        return way;
    }

    /// The number of a situation when the numbers of all that come on the way after it are known.
    private int counted(Situation situation) {
        if (situation.wayToken() >= 0) {
            return Node.sum(1, rest(situation).tokens);
        }
        int least = Node.NEVER;
        Situation at = situation;
        int node = TokenTrie.ROOT;
        while (at.wayOut() >= 0) {
            node = trie.child(node, at.wayOut());
            if (node < 0) {
                break;
            }
            at = rest(at);
            if (trie.isToken(node)) {
                least = Math.min(least, Node.sum(1, at.tokens));
            }
        }
        return least;
    }

    private Situation rest(Situation at) {
        Situation known = at.rest;
        if (known == null) {
            // Most situations on a long way are asked for this byte only, so they note no others.
            known = at.wayOut() < 0 ? null : at.next(at.wayOut());
            if (known == null) {
                known =
                        at.wayOut() < 0
                                ? automaton.over(at, at.wayToken())
                                : automaton.read(at, at.wayOut());
            }
            at.rest = known;
        }
        return known;
    }
}
