package dev.jebena.tensor.internal;

import dev.jebena.tensor.TensorException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Native memory of one or more tensors. It goes back to the [StoragePool] once no segment of it is
/// reachable, or earlier with [#release()].
public final class Storage {
    private @Nullable MemorySegment memory;
    private final StoragePool.@Nullable Lease lease;

    Storage(MemorySegment memory, StoragePool.@Nullable Lease lease) {
        this.memory = memory;
        this.lease = lease;
    }

    /// Memory that somebody else owns and keeps alive as long as the segment is reachable: a mapped
    /// file.
    public static Storage of(MemorySegment memory) {
        return new Storage(memory, null);
    }

    /// At least `bytes` bytes of any content, 64-byte aligned.
    public static Storage allocate(long bytes) {
        return StoragePool.shared().allocate(bytes);
    }

    public MemorySegment memory() {
        MemorySegment own = memory;
        if (own == null) {
            throw new TensorException(
                    TensorException.Code.VALUE,
                    "the memory of this tensor was given back with release() or donated to a"
                            + " compiled function; use what was computed from it, or release it"
                            + " later");
        }
        return own;
    }

    /// Ends the use of this memory: it is free for the next tensor at once. Using it through this
    /// object is an error from then on.
    public void release() {
        if (memory != null) {
            memory = null;
            if (lease != null) {
                lease.end();
            }
        }
    }

    /// Whether it is a block of the pool that is nobody else's.
    public boolean isPooled() {
        return lease != null;
    }

    /// The same memory for another owner; this object is as after [#release()].
    public Storage move() {
        Storage moved = new Storage(memory(), lease);
        memory = null;
        return moved;
    }
}
