package dev.jebena.tensor.internal;

import java.lang.foreign.MemorySegment;

/// Native memory of one or more tensors. Once no segment of it is reachable, it goes back to the
/// [StoragePool].
public final class Storage {
    private final MemorySegment memory;

    Storage(MemorySegment memory) {
        this.memory = memory;
    }

    /// Memory that somebody else owns and keeps alive as long as the segment is reachable: a mapped
    /// file.
    public static Storage of(MemorySegment memory) {
        return new Storage(memory);
    }

    /// At least `bytes` bytes of any content, 64-byte aligned.
    public static Storage allocate(long bytes) {
        return StoragePool.shared().allocate(bytes);
    }

    public MemorySegment memory() {
        return memory;
    }
}
