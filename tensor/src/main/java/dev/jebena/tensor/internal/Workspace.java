package dev.jebena.tensor.internal;

import dev.jebena.compute.Panels.Place;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/// Memory that a kernel needs while it runs. Closing gives it to the next one: fresh memory costs
/// more than many kernels.
final class Workspace implements AutoCloseable {
    /// Blocks that are kept.
    private static final int MOST = 16;

    private static final Deque<MemorySegment> FREE = new ArrayDeque<>();

    private final MemorySegment memory;

    private Workspace(MemorySegment memory) {
        this.memory = memory;
    }

    /// At least so many bytes of any content, 64-byte aligned.
    static Workspace take(long bytes) {
        MemorySegment best = null;
        synchronized (FREE) {
            for (MemorySegment block : FREE) {
                boolean fits = block.byteSize() >= bytes && block.byteSize() <= 4 * bytes;
                if (fits && (best == null || block.byteSize() < best.byteSize())) {
                    best = block;
                }
            }
            FREE.remove(best);
        }
        return new Workspace(best == null ? StoragePool.shared().fresh(bytes) : best);
    }

    /// The same for longer than a kernel runs: not to be closed.
    static Workspace keep(long bytes) {
        return new Workspace(StoragePool.shared().fresh(Math.max(64, bytes)));
    }

    MemorySegment memory() {
        return memory;
    }

    Place at(long bytes) {
        return new Place(memory, bytes);
    }

    @Override
    public void close() {
        synchronized (FREE) {
            FREE.addFirst(memory);
            if (FREE.size() > MOST) {
                FREE.removeLast();
            }
        }
    }
}
