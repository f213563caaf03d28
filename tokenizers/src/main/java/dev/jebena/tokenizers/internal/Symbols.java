package dev.jebena.tokenizers.internal;

import java.util.Arrays;

/// The symbols of one word while a byte-pair model joins them: the best-ranked pair first, of equal
/// ranks the leftmost. Work memory of one thread.
///
/// Words of up to [#SHORT] symbols are searched for the best pair each time, in plain arrays. In
/// longer ones the symbols are a linked list and the pairs a heap, so that `n` symbols take `O(n
/// log n)` steps whatever the text.
final class Symbols {
    /// What [Pairs#find] answers for symbols that do not join.
    static final long NONE = Long.MAX_VALUE;

    private static final int NO_RANK = Integer.MAX_VALUE;
    private static final int SHORT = 32;

    byte[] text = new byte[0];
    int[] id = new int[64];
    int[] start = new int[64];
    int[] end = new int[64];
    int count;

    private int[] rank = new int[64];
    private int[] product = new int[64];
    private int[] next = new int[0];
    private int[] previous = new int[0];
    private long[] heap = new long[0];
    private int heapSize;

    /// Which symbols join, and how urgently.
    interface Pairs {
        /// For the symbols at indices `left` and `right`: the rank of their pair (lower joins
        /// first) in the upper 32 bits and the id of what they become in the lower; or [#NONE].
        long find(Symbols symbols, int left, int right);
    }

    void clear(byte[] newText) {
        text = newText;
        count = 0;
    }

    /// Appends the symbol `text[from, to)`; `symbol` is its id or -1.
    void add(int symbol, int from, int to) {
        if (count == id.length) {
            int size = count * 2;
            id = Arrays.copyOf(id, size);
            start = Arrays.copyOf(start, size);
            end = Arrays.copyOf(end, size);
            rank = Arrays.copyOf(rank, size);
            product = Arrays.copyOf(product, size);
        }
        id[count] = symbol;
        start[count] = from;
        end[count++] = to;
    }

    /// Joins symbols until no pair is left; afterwards the first [#count] entries are the result.
    void join(Pairs pairs) {
        if (count < 2) {
            return;
        }
        if (count <= SHORT) {
            joinShort(pairs);
        } else {
            joinLong(pairs);
        }
    }

    private void joinShort(Pairs pairs) {
        for (int i = 0; i + 1 < count; i++) {
            lookUp(pairs, i, i + 1);
        }
        while (true) {
            int best = 0;
            for (int i = 1; i + 1 < count; i++) {
                if (rank[i] < rank[best]) {
                    best = i;
                }
            }
            if (count < 2 || rank[best] == NO_RANK) {
                return;
            }
            id[best] = product[best];
            end[best] = end[best + 1];
            remove(best + 1);
            if (best > 0) {
                lookUp(pairs, best - 1, best);
            }
            if (best + 1 < count) {
                lookUp(pairs, best, best + 1);
            }
        }
    }

    private void remove(int index) {
        int moved = --count - index;
        System.arraycopy(id, index + 1, id, index, moved);
        System.arraycopy(start, index + 1, start, index, moved);
        System.arraycopy(end, index + 1, end, index, moved);
        System.arraycopy(rank, index + 1, rank, index, moved);
        System.arraycopy(product, index + 1, product, index, moved);
    }

    private void lookUp(Pairs pairs, int left, int right) {
        long pair = pairs.find(this, left, right);
        rank[left] = (int) (pair >> 32);
        product[left] = (int) pair;
    }

    private void joinLong(Pairs pairs) {
        prepareList();
        for (int i = 0; i + 1 < count; i++) {
            lookUp(pairs, i, i + 1);
            if (rank[i] != NO_RANK) {
                heap[heapSize++] = key(i);
            }
        }
        rank[count - 1] = NO_RANK;
        for (int i = (heapSize >> 1) - 1; i >= 0; i--) {
            siftDown(i, heap[i]);
        }
        while (heapSize > 0) {
            long top = pop();
            int left = (int) top;
            // An entry is out of date when its pair has changed since: then the rank is another.
            if (rank[left] == (int) (top >> 32) && rank[left] != NO_RANK) {
                joinAt(pairs, left);
            }
        }
        compact();
    }

    private void prepareList() {
        if (next.length < count) {
            next = new int[id.length];
            previous = new int[id.length];
            // Each join removes one pair and offers at most two.
            heap = new long[Math.multiplyExact(id.length, 3)];
        }
        for (int i = 0; i < count; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        next[count - 1] = -1;
        heapSize = 0;
    }

    private void joinAt(Pairs pairs, int left) {
        int right = next[left];
        id[left] = product[left];
        end[left] = end[right];
        rank[right] = NO_RANK;
        int after = next[right];
        next[left] = after;
        rank[left] = NO_RANK;
        if (after >= 0) {
            previous[after] = left;
            offer(pairs, left, after);
        }
        if (previous[left] >= 0) {
            offer(pairs, previous[left], left);
        }
    }

    private void offer(Pairs pairs, int left, int right) {
        lookUp(pairs, left, right);
        if (rank[left] == NO_RANK) {
            return;
        }
        long key = key(left);
        int slot = heapSize++;
        while (slot > 0 && heap[(slot - 1) >> 1] > key) {
            heap[slot] = heap[(slot - 1) >> 1];
            slot = (slot - 1) >> 1;
        }
        heap[slot] = key;
    }

    private long key(int left) {
        return ((long) rank[left] << 32) | left;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        if (heapSize > 0) {
            siftDown(0, last);
        }
        return top;
    }

    private void siftDown(int from, long key) {
        int slot = from;
        int child = 2 * slot + 1;
        while (child < heapSize) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= key) {
                break;
            }
            heap[slot] = heap[child];
            slot = child;
            child = 2 * slot + 1;
        }
        heap[slot] = key;
    }

    private void compact() {
        int size = 0;
        for (int i = 0; i >= 0; i = next[i]) {
            id[size] = id[i];
            start[size] = start[i];
            end[size++] = end[i];
        }
        count = size;
    }
}
