package dev.jebena.compute;

import dev.jebena.compute.x86.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Zeroed memory straight from the system, whose pages become resident when they are first touched:
/// on Linux an anonymous mapping, elsewhere nothing.
public final class PageMemory {
    private static final long LARGE_PAGE = 2L << 20;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final long PAGE = 4096;
    private static final int LARGE_PAGES_ADVICE = 14;
    private static final int LEAVE_ADVICE = 4;

    private PageMemory() {}

    /// `bytes` zeros, 4096-byte aligned, until `arena` is closed; empty where the system offers
    /// none in this way.
    ///
    /// @throws OutOfMemoryError if it has no room for so many
    public static Optional<MemorySegment> map(Arena arena, long bytes) {
        return Linux.CALLS.map(calls -> calls.map(arena, bytes, 0));
    }

    /// As [#map], aligned to large pages and made of them where the system has them, which saves
    /// most of the page faults and of the address translation. A large page that is touched
    /// anywhere becomes resident as a whole.
    static Optional<MemorySegment> mapLarge(Arena arena, long bytes) {
        return Linux.CALLS.map(calls -> calls.map(arena, bytes, LARGE_PAGE));
    }

    /// Lets the system take back the pages of a piece of a mapped file that is not read soon again;
    /// they come from the file anew when they are touched. Does nothing for other memory, which
    /// would lose its contents.
    public static void leave(MemorySegment piece) {
        if (piece.isMapped() && piece.isReadOnly()) {
            long from = (piece.address() + PAGE - 1) & -PAGE;
            long to = (piece.address() + piece.byteSize()) & -PAGE;
            Linux.CALLS.ifPresent(calls -> calls.leave(from, to - from));
        }
    }

    private record Linux(MemorySegment mmap, MemorySegment munmap, MemorySegment madvise) {
        static final Optional<Linux> CALLS =
                System.getProperty("os.name").startsWith("Linux")
                        ? Optional.of(
                                new Linux(
                                        NativeCall.find("mmap"),
                                        NativeCall.find("munmap"),
                                        NativeCall.find("madvise")))
                        : Optional.empty();

        /// Refusal does not matter: the pages stay.
        void leave(long from, long bytes) {
            if (bytes > 0) {
                NativeCall.call(madvise, from, bytes, LEAVE_ADVICE, 0, 0, 0, 0);
            }
        }

        /// @param large the size that the address is moved up to a multiple of; 0 for small pages
        @SuppressWarnings("restricted") // the launcher and the manifest enable native access
        MemorySegment map(Arena arena, long bytes, long large) {
            long length = Math.addExact(bytes, large);
            long start = NativeCall.call(mmap, 0, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0, 0);
            if (start == -1) {
                throw new OutOfMemoryError("no memory for %d bytes".formatted(bytes));
            }
            long from = start;
            if (large > 0) {
                from = (start + large - 1) & -large;
                // Refusal does not matter: the pages are small then.
                NativeCall.call(madvise, from, bytes, LARGE_PAGES_ADVICE, 0, 0, 0, 0);
            }
            return MemorySegment.ofAddress(from)
                    .reinterpret(
                            bytes,
                            arena,
                            memory -> NativeCall.call(munmap, start, length, 0, 0, 0, 0, 0));
        }
    }
}
