package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.llm.internal.memory.LazyMemory;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The pages that all sequences share. Page n has the same place in every layer.
///
/// One thread takes and releases pages; any may ask for the counts.
public final class KvPool {
    private final DataType type;
    private final SequenceMemory memory;
    private final long pageBytes;
    private final MemorySegment[] layers;
    private final int[] free;
    private volatile int freeCount;
    private volatile int kept;
    private volatile int touched;

    /// @param arena where the memory lives; it becomes resident page by page
    public KvPool(Arena arena, Graph graph, DataType type, int pages) {
        this.type = type;
        this.memory = graph.memory();
        this.pageBytes = memory.pageBytes(type);
        this.layers = new MemorySegment[memory.layers()];
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
        return graph.memory().layers() * graph.memory().pageBytes(type);
    }

    /// What the pages hold.
    public SequenceMemory memory() {
        return memory;
    }

    /// Pages for `positions` positions of a sequence.
    public int pagesFor(int positions) {
        return memory.pagesFor(positions);
    }

    public int pages() {
        return free.length;
    }

    /// Pages that no sequence uses.
    public int freePages() {
        return freeCount + kept;
    }

    /// Pages that can be taken at once.
    public int untakenPages() {
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

    /// Gives back a page.
    public void release(long offset) {
        int at = freeCount;
        if (at == free.length) {
            throw new IllegalStateException("a page of the key/value cache was released twice");
        }
        free[at] = Math.toIntExact(offset / pageBytes);
        freeCount = at + 1;
    }

    /// Copies what a page holds in all layers to another one.
    public void copy(long from, long to) {
        for (MemorySegment layer : layers) {
            MemorySegment.copy(layer, from, layer, to, pageBytes);
        }
    }

    /// Type and sizes of what a page holds, in words: pages of equal layouts may take each other's
    /// place.
    public String layout() {
        return type + " " + memory;
    }

    /// Writes what a page holds in all layers.
    public void write(long offset, OutputStream out) throws IOException {
        for (MemorySegment layer : layers) {
            out.write(layer.asSlice(offset, pageBytes).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// Reads what [#write] wrote into a page.
    public void read(long offset, InputStream in) throws IOException {
        int bytes = Math.toIntExact(pageBytes);
        for (MemorySegment layer : layers) {
            byte[] page = in.readNBytes(bytes);
            if (page.length < bytes) {
                throw new EOFException("it ends within a page");
            }
            MemorySegment.copy(page, 0, layer, ValueLayout.JAVA_BYTE, offset, bytes);
        }
    }

    /// Says how many of the pages taken are only kept in case they are of use again.
    public void kept(int count) {
        kept = count;
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
