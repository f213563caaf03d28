package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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

    private record Linux(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {
        static final Optional<Linux> CALLS = find();
        private static final int READ_WRITE = 3;
        private static final int PRIVATE_ANONYMOUS = 0x22;
        private static final int HUGE_PAGES = 14;

        private static Optional<Linux> find() {
            if (!System.getProperty("os.name").startsWith("Linux")) {
                return Optional.empty();
            }
            ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
            ValueLayout.OfInt number = ValueLayout.JAVA_INT;
            return Optional.of(
                    new Linux(
                            function(
                                    "mmap",
                                    FunctionDescriptor.of(
                                            size, size, size, number, number, number, size)),
                            function("munmap", FunctionDescriptor.of(number, size, size)),
                            function(
                                    "madvise", FunctionDescriptor.of(number, size, size, number))));
        }

        @SuppressWarnings("restricted") // the launcher and the manifest enable native access
        private static MethodHandle function(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find(name).orElseThrow(), descriptor);
        }

        /// The address is moved up to a multiple of the large pages' size.
        @SuppressWarnings("restricted")
        MemorySegment map(Arena arena, long bytes) {
            long length = bytes + LARGE_PAGE;
            long start = reserve(length);
            if (start == -1) {
                throw new OutOfMemoryError("no memory for %d bytes of weights".formatted(bytes));
            }
            long from = (start + LARGE_PAGE - 1) & -LARGE_PAGE;
            advise(from, bytes);
            return MemorySegment.ofAddress(from)
                    .reinterpret(bytes, arena, memory -> release(start, length));
        }

        private long reserve(long length) {
            try {
                return (long) mmap.invokeExact(0L, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            } catch (Throwable e) {
                throw new IllegalStateException("mmap failed", e);
            }
        }

        /// Refusal does not matter: the pages are small then.
        private void advise(long start, long length) {
            try {
                int refused = (int) madvise.invokeExact(start, length, HUGE_PAGES);
                assert refused >= -1;
            } catch (Throwable e) {
                throw new IllegalStateException("madvise failed", e);
            }
        }

        private void release(long start, long length) {
            try {
                int failed = (int) munmap.invokeExact(start, length);
                assert failed == 0;
            } catch (Throwable e) {
                throw new IllegalStateException("munmap failed", e);
            }
        }
    }
}
