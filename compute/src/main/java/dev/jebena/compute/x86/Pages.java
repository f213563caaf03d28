package dev.jebena.compute.x86;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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

    private final Way way;
    private final MemorySegment mmap = NativeCall.find("mmap");
    private final MemorySegment munmap = NativeCall.find("munmap");
    private final MemorySegment mprotect = NativeCall.find("mprotect");

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
        return switch (way) {
            case PROTECT -> protect(code, bytes);
            case MAP_TWICE -> mapTwice(code, bytes);
        };
    }

    private long protect(byte[] code, long bytes) {
        MemorySegment pages = map(bytes, READ | WRITE, PRIVATE | ANONYMOUS, -1);
        pages.asByteBuffer().put(code);
        int result = call(mprotect, pages.address(), bytes, READ | EXECUTE);
        if (result != 0) {
            UnsupportedOperationException refused = refused("mprotect(PROT_EXEC)");
            unmap(pages);
            throw refused;
        }
        return pages.address();
    }

    private long mapTwice(byte[] code, long bytes) {
        MemorySegment create = NativeCall.find("memfd_create");
        MemorySegment truncate = NativeCall.find("ftruncate");
        MemorySegment close = NativeCall.find("close");
        int file;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("jebena-code");
            file = call(create, name.address(), CLOSE_ON_EXEC, 0);
        }
        if (file < 0) {
            throw refused("memfd_create");
        }
        try {
            if (call(truncate, file, bytes, 0) != 0) {
                throw refused("ftruncate");
            }
            MemorySegment written = map(bytes, READ | WRITE, SHARED, file);
            written.asByteBuffer().put(code);
            unmap(written);
            return map(bytes, READ | EXECUTE, SHARED, file).address();
        } finally {
            call(close, file, 0, 0);
        }
    }

    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private MemorySegment map(long bytes, int protection, int flags, int file) {
        long address = NativeCall.call(mmap, 0, bytes, protection, flags, file, 0, 0);
        if (address == -1) {
            throw refused((protection & EXECUTE) != 0 ? "mmap(PROT_EXEC)" : "mmap");
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private void unmap(MemorySegment pages) {
        call(munmap, pages.address(), pages.byteSize(), 0);
    }

    /// Calls a function that returns an `int`.
    private static int call(MemorySegment function, long a, long b, long c) {
        return (int) NativeCall.call(function, a, b, c, 0, 0, 0, 0);
    }

    private static UnsupportedOperationException refused(String call) {
        return new UnsupportedOperationException(call + " is refused (errno " + lastError() + ")");
    }

    /// The C library's `errno` of this thread. The JVM could have changed it since the call, but
    /// handles that keep it cost more at every start than that is worth.
    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private static int lastError() {
        MemorySegment where = NativeCall.find(MAC ? "__error" : "__errno_location");
        long address = NativeCall.call(where, 0, 0, 0, 0, 0, 0, 0);
        return MemorySegment.ofAddress(address).reinterpret(4).get(ValueLayout.JAVA_INT, 0);
    }
}
