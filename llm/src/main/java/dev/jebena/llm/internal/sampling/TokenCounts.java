package dev.jebena.llm.internal.sampling;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// How often each token occurs among the last ones.
final class TokenCounts {
    private final int window;
    private final ArrayDeque<Integer> recent = new ArrayDeque<>();
    private final Map<Integer, Integer> counts = new HashMap<>();

    /// @param window the number of tokens to look back; -1 for all
    TokenCounts(int window) {
        this.window = window;
    }

    void add(int id) {
        if (window == 0) {
            return;
        }
        counts.merge(id, 1, Integer::sum);
        if (window > 0) {
            recent.addLast(id);
            if (recent.size() > window) {
                counts.computeIfPresent(
                        recent.removeFirst(), (token, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    Map<Integer, Integer> counts() {
        return counts;
    }
}
