package dev.jebena.compute;

import dev.jebena.compute.x86.Routine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Memory for weights: on Linux in large pages where the system has them, which saves most of the
/// page faults and of the address translation; the system clears it, page by page on first use, so
/// several threads can share that work.
final class LargeMemory {
    private static final long LARGE_PAGE = 2L << 20;

    private LargeMemory() {}

    /// `bytes` zeros, 64-byte aligned at least, that live as long as `arena`.
    static MemorySegment allocate(Arena arena, long bytes) {
        if (bytes >= 2 * LARGE_PAGE && Linux.CALLS.isPresent()) {
            return Linux.CALLS.get().map(arena, bytes);
        }
        return arena.allocate(bytes, 64);
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
