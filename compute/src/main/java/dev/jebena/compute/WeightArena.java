package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Memory for the weights of a model: slices of a few large mappings that live as long as another
/// arena.
///
/// A model has hundreds of matrices, most of them smaller than a large page. Side by side they
/// share large pages; the system clears those on first use, so that several threads can share that
/// work too.
public final class WeightArena implements Arena {
    private static final long MAPPING = 64L << 20;

    private final Arena owner;
    private MemorySegment free = MemorySegment.NULL;

    private WeightArena(Arena owner) {
        this.owner = owner;
    }

    /// @param owner frees the memory when it is closed
    public static WeightArena within(Arena owner) {
        return new WeightArena(owner);
    }

    @Override
    public synchronized MemorySegment allocate(long bytes, long alignment) {
        long skipped = -free.address() & (alignment - 1);
        if (skipped + bytes > free.byteSize()) {
            long wanted = Math.max(MAPPING, bytes + alignment);
            Optional<MemorySegment> more = PageMemory.mapLarge(owner, wanted);
            if (more.isEmpty()) {
                return owner.allocate(bytes, alignment);
            }
            free = more.get();
            skipped = -free.address() & (alignment - 1);
        }
        MemorySegment slice = free.asSlice(skipped, bytes);
        free = free.asSlice(skipped + bytes);
        return slice;
    }

    @Override
    public MemorySegment.Scope scope() {
        return owner.scope();
    }

    /// The owner does that.
    @Override
    public void close() {
        throw new UnsupportedOperationException("the arena of the model frees this memory");
    }
}
