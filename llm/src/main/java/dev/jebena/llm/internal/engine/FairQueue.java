package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Requests that wait. Those that ran already and had to give way come first; then it is the turn
/// of the caller who has the fewest requests running, of these the one served longest ago, and of
/// his requests the oldest. So nobody waits for another's hundred requests.
final class FairQueue {
    private final ArrayDeque<Sequence> returned = new ArrayDeque<>();
    // Callers who have requests here, the one served longest ago first.
    private final Map<String, ArrayDeque<Sequence>> callers = new LinkedHashMap<>();
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Sequence sequence) {
        callers.computeIfAbsent(sequence.caller(), _ -> new ArrayDeque<>()).addLast(sequence);
        size++;
    }

    /// Puts back one that was running; the last one put back comes first.
    void putBack(Sequence sequence) {
        returned.addFirst(sequence);
        size++;
    }

    /// Whose turn it is; it stays here until [#remove].
    @Nullable Sequence next(Collection<Sequence> running) {
        if (!returned.isEmpty()) {
            return returned.getFirst();
        }
        Map<String, Integer> places = new HashMap<>();
        for (Sequence sequence : running) {
            places.merge(sequence.caller(), 1, Integer::sum);
        }
        ArrayDeque<Sequence> best = null;
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<String, ArrayDeque<Sequence>> caller : callers.entrySet()) {
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
        if (returned.peekFirst() == next) {
            returned.removeFirst();
        } else {
            ArrayDeque<Sequence> own = callers.remove(next.caller());
            if (own == null || own.pollFirst() != next) {
                throw new IllegalStateException("it was not this request's turn");
            }
            if (!own.isEmpty()) {
                // At the end: others are served before.
                callers.put(next.caller(), own);
            }
        }
        size--;
    }

    void removeIf(Predicate<Sequence> over) {
        returned.removeIf(over);
        callers.values()
                .removeIf(own -> {
                    own.removeIf(over);
                    return own.isEmpty();
                });
        size = returned.size() + callers.values().stream().mapToInt(ArrayDeque::size).sum();
    }

    void failAll(LlmException problem) {
        List<Sequence> all = new ArrayList<>(returned);
        callers.values().forEach(all::addAll);
        all.forEach(sequence -> sequence.fail(problem));
    }
}
