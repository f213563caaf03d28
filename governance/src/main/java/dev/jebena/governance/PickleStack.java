package dev.jebena.governance;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The stack, marks and memo of an unpickler, bounded, and forgiving where a real one would stop:
/// what was imported before counts, whatever follows.
final class PickleStack {
    private static final int MOST = 4_000_000;

    /// How many values of substance are remembered; further ones count as unknown.
    private static final int MOST_KEPT = 1_000_000;

    private static final int LONGEST_TUPLE = 64;
    private static final long SMALL_KEYS = 1 << 24;

    private final List<PickleValue> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, PickleValue> memo = new HashMap<>();
    private final BitSet keys = new BitSet();
    private long memoized;
    private int kept;

    void push(PickleValue value) {
        if (values.size() >= MOST) {
            throw new IllegalStateException("a pickle with more than " + MOST + " values at once");
        }
        values.add(kept(value));
    }

    private PickleValue kept(PickleValue value) {
        if (value == PickleValue.OTHER) {
            return value;
        }
        return kept++ < MOST_KEPT ? value : PickleValue.OTHER;
    }

    PickleValue pop() {
        return values.isEmpty() ? PickleValue.OTHER : values.removeLast();
    }

    PickleValue top() {
        return values.isEmpty() ? PickleValue.OTHER : values.getLast();
    }

    void mark() {
        if (marks.size() >= MOST) {
            throw new IllegalStateException("a pickle with more than " + MOST + " marks at once");
        }
        marks.add(values.size());
    }

    /// All values above the last mark; an empty list where they are too many to matter.
    List<PickleValue> popMarked() {
        int from = marks.isEmpty() ? 0 : Math.min(marks.removeLast(), values.size());
        List<PickleValue> above = values.subList(from, values.size());
        List<PickleValue> items = above.size() <= LONGEST_TUPLE ? List.copyOf(above) : List.of();
        above.clear();
        return items;
    }

    List<PickleValue> pop(int count) {
        List<PickleValue> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.addFirst(pop());
        }
        return items;
    }

    void put(long key) {
        memo(key, top());
    }

    void memoize() {
        memo(memoized, top());
    }

    /// MEMOIZE counts what is in the memo, so keys of unknown values count too.
    private void memo(long key, PickleValue value) {
        boolean known;
        if (key >= 0 && key < SMALL_KEYS) {
            known = keys.get((int) key);
            keys.set((int) key);
        } else {
            known = memo.containsKey(key);
        }
        if (value != PickleValue.OTHER || key < 0 || key >= SMALL_KEYS) {
            if (memo.size() >= MOST_KEPT) {
                throw new IllegalStateException("a pickle with too many names in its memo");
            }
            memo.put(key, value);
        } else if (known) {
            memo.remove(key);
        }
        if (!known) {
            memoized++;
        }
    }

    void get(long key) {
        push(memo.getOrDefault(key, PickleValue.OTHER));
    }
}
