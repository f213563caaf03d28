package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A growing list of token ids.
public final class Ids {
    private int[] ids;
    private int size;
    // Start and end of each id's text, in turns.
    private int @Nullable [] spans;

    public Ids(int capacity) {
        ids = new int[Math.max(16, capacity)];
    }

    /// A list that keeps for each id which text it stands for.
    static Ids traced(int capacity) {
        Ids ids = new Ids(capacity);
        ids.spans = new int[2 * ids.ids.length];
        return ids;
    }

    public void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size + (size >> 1) + 16);
        }
        ids[size++] = id;
    }

    /// Appends an id that stands for `[from, to)` of a piece of text.
    void add(int id, int from, int to) {
        if (spans != null) {
            if (2 * size + 2 > spans.length) {
                spans = Arrays.copyOf(spans, 2 * spans.length + 2);
            }
            spans[2 * size] = from;
            spans[2 * size + 1] = to;
        }
        add(id);
    }

    /// Makes the last id stand for text up to `to`.
    void extend(int to) {
        if (spans != null) {
            spans[2 * size - 1] = to;
        }
    }

    boolean isTraced() {
        return spans != null;
    }

    /// Where the text of id number `index` begins.
    int start(int index) {
        return spans == null ? 0 : spans[2 * index];
    }

    /// Where the text of id number `index` ends.
    int end(int index) {
        return spans == null ? 0 : spans[2 * index + 1];
    }

    /// Makes the spans from number `first` on, which lie in `text`, those of the original.
    void trace(int first, Text text) {
        if (spans == null) {
            return;
        }
        for (int i = first; i < size; i++) {
            int from = spans[2 * i];
            int to = spans[2 * i + 1];
            spans[2 * i] = from < text.bytes.length ? text.start(from) : text.end(from - 1);
            spans[2 * i + 1] = to > from ? text.end(to - 1) : spans[2 * i];
        }
    }

    public void addAll(int[] more) {
        if (size + more.length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(size + more.length, size + (size >> 1) + 16));
        }
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
    }

    public int size() {
        return size;
    }

    public int last() {
        return size == 0 ? -1 : ids[size - 1];
    }

    /// Forgets everything from `length` on.
    void truncate(int length) {
        size = length;
    }

    int[] from(int start) {
        return Arrays.copyOfRange(ids, start, size);
    }

    public int[] toArray() {
        return Arrays.copyOf(ids, size);
    }
}
