package dev.jebena.tensor.internal;

import dev.jebena.compute.LargePages;
import dev.jebena.tensor.TensorException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Native memory for tensors, used again once its tensor is unreachable.
///
/// Memory of the heap would be cleared at every allocation and copied or moved by the collector;
/// here a training step gets the blocks of the step before. The collector finds out what is
/// unreachable; since it does not see native memory, the pool asks for a collection when the memory
/// in use has doubled since the last one. With the small heaps that tensors leave to the collector
/// one takes some milliseconds, and what is written in between does not lie in a cache any more:
/// whoever calls [Storage#release()] spares both.
final class StoragePool {
    /// Below this, tensors share blocks of [#SLAB] bytes that the collector frees.
    private static final long SMALL = 2048;

    private static final long SLAB = 64 << 10;

    /// Memory in use that never makes the pool ask for a collection.
    private static final long LEAST_LIMIT = 512L << 20;

    /// Free memory that is kept for later: others allocate from what the JVM may have, too.
    private static final long MOST_KEPT = Runtime.getRuntime().maxMemory() / 4;

    /// How long the pool waits for the cleaner after a collection.
    private static final long WAIT_NANOS = 50_000_000;

    private static final long POLL_NANOS = 200_000;

    private static final StoragePool SHARED = new StoragePool();

    private final Map<Long, Deque<MemorySegment>> free = new HashMap<>();
    private final AtomicLong inUse = new AtomicLong();
    private final ThreadLocal<Slab> slab = ThreadLocal.withInitial(Slab::new);
    private long cached;
    private volatile long limit = LEAST_LIMIT;

    static StoragePool shared() {
        return SHARED;
    }

    private static final class Slab {
        private MemorySegment memory = MemorySegment.NULL;
        private long used;

        MemorySegment take(long bytes) {
            long size = (Math.max(1, bytes) + 63) & -64;
            if (used + size > memory.byteSize()) {
                memory = shared().fresh(SLAB);
                used = 0;
            }
            used += size;
            return memory.asSlice(used - size, size);
        }
    }

    Storage allocate(long bytes) {
        if (bytes <= SMALL) {
            return new Storage(slab.get().take(bytes), null);
        }
        long size = sizeClass(bytes);
        if (inUse.addAndGet(size) > limit) {
            collect();
        }
        return lend(take(size));
    }

    /// The use of a block, which ends once: with the last segment of it, or before.
    static final class Lease {
        private final StoragePool pool;
        private final MemorySegment block;
        private final AtomicBoolean ended = new AtomicBoolean();

        private Lease(StoragePool pool, MemorySegment block) {
            this.pool = pool;
            this.block = block;
        }

        void end() {
            if (ended.compareAndSet(false, true)) {
                pool.release(block);
            }
        }
    }

    /// The block as a segment of a scope of its own: whoever holds a part of it keeps it from being
    /// used again, even within a loop over its elements.
    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private Storage lend(MemorySegment block) {
        Lease lease = new Lease(this, block);
        MemorySegment lent =
                MemorySegment.ofAddress(block.address())
                        .reinterpret(block.byteSize(), Arena.ofAuto(), memory -> lease.end());
        return new Storage(lent, lease);
    }

    /// The next of four sizes between powers of two.
    private static long sizeClass(long bytes) {
        long step = Math.max(64, Long.highestOneBit(bytes - 1) >> 2);
        return (bytes + step - 1) / step * step;
    }

    private MemorySegment take(long size) {
        synchronized (free) {
            Deque<MemorySegment> blocks = free.get(size);
            if (blocks != null && !blocks.isEmpty()) {
                cached -= size;
                return blocks.pop();
            }
        }
        try {
            return fresh(size);
        } catch (TensorException e) {
            inUse.addAndGet(-size);
            throw e;
        }
    }

    /// New memory of the system, 64-byte aligned. Where there is too little, the blocks that the
    /// pool keeps for later make room.
    MemorySegment fresh(long bytes) {
        try {
            return allocated(bytes);
        } catch (OutOfMemoryError _) {
            clear();
        }
        try {
            return allocated(bytes);
        } catch (OutOfMemoryError e) {
            throw new TensorException(
                    TensorException.Code.MEMORY,
                    "a tensor needs %d MB of native memory; tensors use %d MB already (%s); start java with a larger -XX:MaxDirectMemorySize"
                            .formatted(bytes >> 20, inUse.get() >> 20, e.getMessage()));
        }
    }

    private static MemorySegment allocated(long bytes) {
        if (bytes < LargePages.BYTES) {
            return Arena.ofAuto().allocate(bytes, 64);
        }
        MemorySegment memory = Arena.ofAuto().allocate(bytes, LargePages.BYTES);
        LargePages.use(memory);
        return memory;
    }

    private void release(MemorySegment block) {
        long size = block.byteSize();
        inUse.addAndGet(-size);
        synchronized (free) {
            if (cached + size <= Math.min(limit, MOST_KEPT)) {
                cached += size;
                free.computeIfAbsent(size, key -> new ArrayDeque<>()).push(block);
            }
        }
    }

    private void clear() {
        synchronized (free) {
            free.clear();
            cached = 0;
        }
    }

    private synchronized void collect() {
        if (inUse.get() <= limit) {
            return;
        }
        System.gc();
        // The cleaner's thread needs some time to hand blocks back.
        long before = inUse.get();
        long began = System.nanoTime();
        while (System.nanoTime() - began < WAIT_NANOS) {
            LockSupport.parkNanos(POLL_NANOS);
            long now = inUse.get();
            if (now == before && now <= limit / 2) {
                break;
            }
            before = now;
        }
        limit = Math.max(LEAST_LIMIT, 2 * inUse.get());
    }
}
