package dev.jebena.compute;

import dev.jebena.compute.x86.Routine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/// Memory for weights: on Linux in large pages where the system has them, which saves most of the
/// page faults and of the address translation; the system clears it, page by page on first use, so
/// several threads can share that work. Matrices that are smaller than such a page share some.
final class LargeMemory {
    private static final long LARGE_PAGE = 2L << 20;

    /// From here on memory of its own; below, a part of a [Slab].
    private static final long LARGE = 2 * LARGE_PAGE;

    /// Below, not worth a large page.
    private static final long SMALL = 64 << 10;

    /// What is left for the next matrices of an arena. A slab does not refer to its arena.
    private static final Map<Arena, Slab> SLABS = Collections.synchronizedMap(new WeakHashMap<>());

    private LargeMemory() {}

    /// `bytes` zeros, 64-byte aligned at least, that live as long as `arena`.
    static MemorySegment allocate(Arena arena, long bytes) {
        if (bytes < SMALL || Linux.CALLS.isEmpty()) {
            return arena.allocate(bytes, 64);
        }
        Linux linux = Linux.CALLS.get();
        return bytes < LARGE ? slice(linux, arena, bytes) : linux.map(arena, bytes);
    }

    private static MemorySegment slice(Linux linux, Arena arena, long bytes) {
        long size = (bytes + 63) & -64;
        Slab slab =
                SLABS.compute(
                        arena,
                        (key, old) ->
                                old != null && old.used + size <= Slab.BYTES
                                        ? new Slab(old.memory, old.used + size)
                                        : new Slab(linux.map(key, Slab.BYTES), size));
        return slab.memory.asSlice(slab.used - size, bytes);
    }

    /// Memory of which the first `used` bytes are handed out; what nobody writes to costs nothing.
    private record Slab(MemorySegment memory, long used) {
        static final long BYTES = 32L << 20;
    }

    private record Linux(Routine mmap, Routine munmap, Routine madvise) {
        static final Optional<Linux> CALLS = find();
        private static final int READ_WRITE = 3;
        private static final int PRIVATE_ANONYMOUS = 0x22;
        private static final int HUGE_PAGES = 14;

        private static Optional<Linux> find() {
            return System.getProperty("os.name").startsWith("Linux")
                    ? Optional.of(
                            new Linux(
                                    Routine.of("mmap"),
                                    Routine.of("munmap"),
                                    Routine.of("madvise")))
                    : Optional.empty();
        }

        /// The address is moved up to a multiple of the large pages' size.
        @SuppressWarnings("restricted") // the launcher and the manifest enable native access
        MemorySegment map(Arena arena, long bytes) {
            long length = bytes + LARGE_PAGE;
            long start = mmap.call(0, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
            if (start == -1) {
                throw new OutOfMemoryError("no memory for %d bytes of weights".formatted(bytes));
            }
            long from = (start + LARGE_PAGE - 1) & -LARGE_PAGE;
            // Refusal does not matter: the pages are small then.
            madvise.call(from, bytes, HUGE_PAGES);
            return MemorySegment.ofAddress(from)
                    .reinterpret(bytes, arena, memory -> munmap.call(start, length, 0));
        }
    }
}
