package dev.jebena.compute.x86;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system's calls for pages of code, in the two ways to get them. No mapping is writable and
/// executable at once in either.
///
/// Constants are those of Linux and macOS on x86-64, where they are the same unless named apart.
final class Pages {
    /// How pages get from writable to executable.
    enum Way {
        /// Anonymous memory is written, then its protection changes.
        PROTECT,
        /// A file in memory is mapped twice, once to write and once to execute: for systems that
        /// deny the change (SELinux without `execmem`). Linux only.
        MAP_TWICE
    }

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int SHARED = 1;
    private static final int PRIVATE = 2;
    private static final int CLOSE_ON_EXEC = 1;
    private static final int PAGE = 4096;

    private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");
    private static final int ANONYMOUS = MAC ? 0x1000 : 0x20;

    private static final MemoryLayout ERROR_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERROR =
            ERROR_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Way way;
    private final MemorySegment error = Arena.global().allocate(ERROR_LAYOUT);
    private final MethodHandle mmap =
            function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private final MethodHandle munmap = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    private final MethodHandle mprotect =
            function("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    Pages(Way way) {
        this.way = way;
    }

    Way way() {
        return way;
    }

    /// Copies code to new pages, makes them executable and returns their address.
    ///
    /// @throws UnsupportedOperationException naming the call that the system refused
    synchronized long install(byte[] code) {
        long bytes = (code.length + PAGE - 1) / PAGE * (long) PAGE;
        try {
            return switch (way) {
                case PROTECT -> protect(code, bytes);
                case MAP_TWICE -> mapTwice(code, bytes);
            };
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("calling the system failed", e);
        }
    }

    private long protect(byte[] code, long bytes) throws Throwable {
        MemorySegment pages = map(bytes, READ | WRITE, PRIVATE | ANONYMOUS, -1);
        pages.asByteBuffer().put(code);
        int result = (int) mprotect.invokeExact(error, pages, bytes, READ | EXECUTE);
        if (result != 0) {
            UnsupportedOperationException refused = refused("mprotect(PROT_EXEC)");
            unmap(pages);
            throw refused;
        }
        return pages.address();
    }

    private long mapTwice(byte[] code, long bytes) throws Throwable {
        MethodHandle create = function("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);
        MethodHandle truncate = function("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
        MethodHandle close = function("close", JAVA_INT, JAVA_INT);
        int file;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("jebena-code");
            file = (int) create.invokeExact(error, name, CLOSE_ON_EXEC);
        }
        if (file < 0) {
            throw refused("memfd_create");
        }
        try {
            if ((int) truncate.invokeExact(error, file, bytes) != 0) {
                throw refused("ftruncate");
            }
            MemorySegment written = map(bytes, READ | WRITE, SHARED, file);
            written.asByteBuffer().put(code);
            unmap(written);
            return map(bytes, READ | EXECUTE, SHARED, file).address();
        } finally {
            int ignored = (int) close.invokeExact(error, file);
            assert ignored == 0;
        }
    }

    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private MemorySegment map(long bytes, int protection, int flags, int file) throws Throwable {
        MemorySegment pages =
                (MemorySegment)
                        mmap.invokeExact(
                                error, MemorySegment.NULL, bytes, protection, flags, file, 0L);
        if (pages.address() == -1) {
            throw refused((protection & EXECUTE) != 0 ? "mmap(PROT_EXEC)" : "mmap");
        }
        return pages.reinterpret(bytes);
    }

    private void unmap(MemorySegment pages) throws Throwable {
        int ignored = (int) munmap.invokeExact(error, pages, pages.byteSize());
        assert ignored == 0;
    }

    private UnsupportedOperationException refused(String call) {
        int number = (int) ERROR.get(error, 0L);
        return new UnsupportedOperationException(
                call + " is refused" + (number == 0 ? "" : " (errno " + number + ")"));
    }

    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private static MethodHandle function(
            String name, ValueLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() ->
                                new UnsupportedOperationException("the C library has no " + name));
        return linker.downcallHandle(
                address,
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }
}
