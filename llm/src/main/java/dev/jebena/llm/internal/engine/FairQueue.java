package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Requests that wait. Those of the lowest priority number come first, as long as there are any:
/// who gives his requests a high number may have to wait for ever. Within a priority those that ran
/// already and had to give way come first; then it is the turn of the caller who has the fewest
/// requests running, of these the one served longest ago, and of his requests the oldest. So nobody
/// waits for another's hundred requests.
final class FairQueue {
    /// Requests of one priority.
    private static final class Rank {
        private final ArrayDeque<Sequence> returned = new ArrayDeque<>();
        // Callers who have requests here, the one served longest ago first.
        private final Map<String, ArrayDeque<Sequence>> callers = new LinkedHashMap<>();

        boolean isEmpty() {
            return returned.isEmpty() && callers.isEmpty();
        }

        int size() {
            return returned.size() + callers.values().stream().mapToInt(ArrayDeque::size).sum();
        }
    }

    private final TreeMap<Integer, Rank> ranks = new TreeMap<>();
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Sequence sequence) {
        rank(sequence)
                .callers
                .computeIfAbsent(sequence.caller(), _ -> new ArrayDeque<>())
                .addLast(sequence);
        size++;
    }

    /// Puts back one that was running; the last one put back comes first.
    void putBack(Sequence sequence) {
        rank(sequence).returned.addFirst(sequence);
        size++;
    }

    private Rank rank(Sequence sequence) {
        return ranks.computeIfAbsent(sequence.priority(), _ -> new Rank());
    }

    /// Whose turn it is; it stays here until [#remove].
    @Nullable Sequence next(Collection<Sequence> running) {
        if (ranks.isEmpty()) {
            return null;
        }
        Rank first = ranks.firstEntry().getValue();
        if (!first.returned.isEmpty()) {
            return first.returned.getFirst();
        }
        Map<String, Integer> places = new HashMap<>();
        for (Sequence sequence : running) {
            places.merge(sequence.caller(), 1, Integer::sum);
        }
        ArrayDeque<Sequence> best = null;
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<String, ArrayDeque<Sequence>> caller : first.callers.entrySet()) {
            int taken = places.getOrDefault(caller.getKey(), 0);
            if (taken < fewest) {
                fewest = taken;
                best = caller.getValue();
            }
        }
        return best == null ? null : best.getFirst();
    }

    /// Takes out what [#next] returned.
    void remove(Sequence next) {
        Rank rank = rank(next);
        if (rank.returned.peekFirst() == next) {
            rank.returned.removeFirst();
        } else {
            ArrayDeque<Sequence> own = rank.callers.remove(next.caller());
            if (own == null || own.pollFirst() != next) {
                throw new IllegalStateException("it was not this request's turn");
            }
            if (!own.isEmpty()) {
                // At the end: others are served before.
                rank.callers.put(next.caller(), own);
            }
        }
        forgetEmpty();
        size--;
    }

    private void forgetEmpty() {
        ranks.values().removeIf(Rank::isEmpty);
    }

    void removeIf(Predicate<Sequence> over) {
        for (Rank rank : ranks.values()) {
            rank.returned.removeIf(over);
            rank.callers
                    .values()
                    .removeIf(own -> {
                        own.removeIf(over);
                        return own.isEmpty();
                    });
        }
        forgetEmpty();
        size = ranks.values().stream().mapToInt(Rank::size).sum();
    }

    void failAll(LlmException problem) {
        List<Sequence> all = new ArrayList<>();
        for (Rank rank : ranks.values()) {
            all.addAll(rank.returned);
            rank.callers.values().forEach(all::addAll);
        }
        all.forEach(sequence -> sequence.fail(problem));
    }
}
