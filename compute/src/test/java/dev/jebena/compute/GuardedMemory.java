package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Memory between pages without access: a kernel that reads or writes outside of its buffer stops
/// the process. Filled with random bytes.
final class GuardedMemory implements AutoCloseable {
    private static final int PAGE = 4096;
    private static final int NONE = 0;
    private static final int READ_WRITE = 3;
    private static final MethodHandle PROTECT = protect();

    private Arena arena = Arena.ofShared();
    private final List<Long> closed = new ArrayList<>();

    @SuppressWarnings("restricted")
    private static MethodHandle protect() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("mprotect").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
    }

    /// A buffer that begins right behind a page without access, or ends right before one.
    MemorySegment allocate(long bytes, RandomGenerator random) {
        long inner = (bytes + PAGE - 1) / PAGE * PAGE;
        MemorySegment all = arena.allocate(inner + 2 * PAGE, PAGE);
        access(all.address(), NONE);
        access(all.address() + PAGE + inner, NONE);
        arenaCloses(all.address(), all.address() + PAGE + inner);
        long from = PAGE + (random.nextBoolean() ? 0 : inner - bytes);
        MemorySegment buffer = all.asSlice(from, bytes);
        for (long i = 0; i < bytes; i++) {
            buffer.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        return buffer;
    }

    private void arenaCloses(long... pages) {
        for (long page : pages) {
            closed.add(page);
        }
    }

    private static void access(long page, int rights) {
        try {
            if ((int) PROTECT.invokeExact(page, (long) PAGE, rights) != 0) {
                throw new IllegalStateException("mprotect failed");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// Gives all buffers back.
    @SuppressWarnings("MustBeClosedChecker") // the new arena is closed by the next call or close()
    void clear() {
        closed.forEach(page -> access(page, READ_WRITE));
        closed.clear();
        arena.close();
        arena = Arena.ofShared();
    }

    @Override
    public void close() {
        clear();
        arena.close();
    }
}
