package dev.jebena.tokenizers.internal;

import java.util.Arrays;

/// A growing list of token ids.
public final class Ids {
    private int[] ids;
    private int size;

    public Ids(int capacity) {
        ids = new int[Math.max(16, capacity)];
    }

    public void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size + (size >> 1) + 16);
        }
        ids[size++] = id;
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
