package dev.jebena.compute;

import dev.jebena.compute.x86.Routine;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Large pages of the system, on Linux, for memory that was allocated already: they save most of
/// the address translation, which operands with long rows are slowed down by.
public final class LargePages {
    /// Bytes of a large page.
    public static final long BYTES = 2L << 20;

    private static final int FORGET = 4;
    private static final int HUGE_PAGES = 14;

    private static final Optional<Routine> ADVISE = find();

    private LargePages() {}

    private static Optional<Routine> find() {
        try {
            return System.getProperty("os.name").startsWith("Linux")
                    ? Optional.of(Routine.of("madvise"))
                    : Optional.empty();
        } catch (UnsupportedOperationException _) {
            return Optional.empty();
        }
    }

    /// Asks for large pages where whole ones fit into the memory; what it held there is lost. The
    /// system gives them, cleared, when they are first written to, or small ones if it has none.
    public static void use(MemorySegment memory) {
        long begin = (memory.address() + BYTES - 1) & -BYTES;
        long end = (memory.address() + memory.byteSize()) & -BYTES;
        if (ADVISE.isPresent() && begin < end) {
            ADVISE.get().call(begin, end - begin, FORGET);
            ADVISE.get().call(begin, end - begin, HUGE_PAGES);
        }
        Native.keep(memory, memory);
    }
}
