package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.compute.KvPages;
import dev.jebena.llm.internal.memory.LazyMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The pages that all sequences share. Page n has the same place in every layer.
///
/// One thread takes and releases pages; any may ask for the counts.
public final class KvPool {
    private final DataType type;
    private final long pageBytes;
    private final MemorySegment[] layers;
    private final int[] free;
    private volatile int freeCount;
    private volatile int touched;

    /// @param arena where the memory lives; it becomes resident page by page
    public KvPool(Arena arena, Graph graph, DataType type, int pages) {
        Hyperparameters shape = graph.shape();
        this.type = type;
        this.pageBytes = KvPages.pageBytes(type, shape.kvHeads(), shape.headDim());
        this.layers = new MemorySegment[graph.kvLayers()];
        long layerBytes = Math.multiplyExact(pageBytes, (long) pages);
        MemorySegment all =
                LazyMemory.allocate(arena, Math.multiplyExact(layerBytes, (long) layers.length));
        for (int i = 0; i < layers.length; i++) {
            layers[i] = all.asSlice(i * layerBytes, layerBytes);
        }
        // Low pages are handed out first and again, so that little memory becomes resident.
        this.free = new int[pages];
        for (int i = 0; i < pages; i++) {
            free[i] = pages - 1 - i;
        }
        this.freeCount = pages;
    }

    /// Bytes that one page takes in all layers together.
    public static long bytesPerPage(Graph graph, DataType type) {
        Hyperparameters shape = graph.shape();
        return graph.kvLayers() * KvPages.pageBytes(type, shape.kvHeads(), shape.headDim());
    }

    /// Pages for `positions` positions.
    public static int pagesFor(int positions) {
        return (positions + KvPages.PAGE - 1) / KvPages.PAGE;
    }

    public int pages() {
        return free.length;
    }

    public int freePages() {
        return freeCount;
    }

    /// Byte offset of a page that nobody holds; there must be one.
    public long take() {
        int left = freeCount - 1;
        int page = free[left];
        freeCount = left;
        touched = Math.max(touched, page + 1);
        return page * pageBytes;
    }

    /// Gives back the first `count` pages of `offsets`.
    public void release(long[] offsets, int count) {
        if (count > free.length - freeCount) {
            throw new IllegalStateException("a page of the key/value cache was released twice");
        }
        int at = freeCount;
        for (int i = count - 1; i >= 0; i--) {
            free[at++] = Math.toIntExact(offsets[i] / pageBytes);
        }
        freeCount = at;
        Arrays.fill(offsets, 0, count, -1);
    }

    /// Bytes that have become resident.
    public long bytes() {
        return touched * pageBytes * layers.length;
    }

    DataType type() {
        return type;
    }

    MemorySegment layer(int layer) {
        return layers[layer];
    }
}
