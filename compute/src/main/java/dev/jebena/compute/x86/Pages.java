package dev.jebena.compute.x86;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Pages from the system that turn from writable to executable.
final class Pages {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int PRIVATE = 2;
    private static final int PAGE = 4096;

    private final MethodHandle mmap =
            function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private final MethodHandle mprotect =
            function("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private Pages() {}

    /// Tries with one page whether code can be installed.
    ///
    /// @throws UnsupportedOperationException with the reason, if it cannot
    static Pages open() {
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        if (!CodeMemory.supported(system, architecture)) {
            throw new UnsupportedOperationException(
                    "they exist for Linux and macOS on x86-64, not for %s on %s"
                            .formatted(system, architecture));
        }
        Pages pages = new Pages();
        pages.install("probe", new byte[] {(byte) 0xC3});
        return pages;
    }

    /// Copies code to new pages and makes them executable.
    long install(String name, byte[] code) {
        long bytes = (code.length + PAGE - 1) / PAGE * (long) PAGE;
        try {
            int anonymous = System.getProperty("os.name").startsWith("Mac") ? 0x1000 : 0x20;
            MemorySegment pages =
                    (MemorySegment)
                            mmap.invokeExact(
                                    MemorySegment.NULL,
                                    bytes,
                                    READ | WRITE,
                                    PRIVATE | anonymous,
                                    -1,
                                    0L);
            if (pages.address() == -1) {
                throw new UnsupportedOperationException("no memory for code (" + name + ")");
            }
            writable(pages, bytes).asByteBuffer().put(code);
            if ((int) mprotect.invokeExact(pages, bytes, READ | EXECUTE) != 0) {
                throw new UnsupportedOperationException(
                        "the system does not let a process make memory executable");
            }
            return pages.address();
        } catch (UnsupportedOperationException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("installing code failed: " + name, e);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment writable(MemorySegment pages, long bytes) {
        return pages.reinterpret(bytes);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of((ValueLayout) result, arguments));
    }
}
