package dev.jebena.formats;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/// Opens damaged files, as many as the system property `jebena.fuzz.cases` says. Each must open, or
/// be refused with a [FormatException], within bounds of time and memory.
final class Fuzz {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2_000);
    // Everything here is some kilobytes; what a message needs is included.
    private static final long MOST_ALLOCATED = 4L << 20;
    private static final long MOST_NANOSECONDS = 5_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Prepares one case from its random numbers and says which file to open.
    @FunctionalInterface
    interface Case {
        Path prepare(Random random) throws Exception;
    }

    /// Opens a file and touches all that it has; throws [FormatException] when it is refused.
    @FunctionalInterface
    interface Opening {
        void open(Path path) throws IOException;
    }

    private Fuzz() {}

    /// @return how many of the cases opened
    static int run(Case damage) {
        return run(damage, Fuzz::openTensors);
    }

    /// @return how many of the cases opened
    static int run(Case damage, Opening opening) {
        int opened = 0;
        for (long seed = 1; seed <= CASES; seed++) {
            try {
                opened += open(damage.prepare(new Random(seed)), opening) ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
        }
        return opened;
    }

    /// Overwrites a file. Truncating it first, as [java.nio.file.Files#write] does, makes some file
    /// systems write to the disk at once, which takes a hundred times as long.
    static Path write(Path path, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.truncate(bytes.length);
        }
        return path;
    }

    /// Opens a file and touches all that it has; false when it was refused.
    static boolean open(Path path) throws IOException {
        return open(path, Fuzz::openTensors);
    }

    private static boolean open(Path path, Opening opening) throws IOException {
        long time = System.nanoTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        boolean opened = false;
        try {
            opening.open(path);
            opened = true;
        } catch (FormatException e) {
            if (e.getMessage() == null || e.getMessage().length() > 2_000) {
                throw new AssertionError("the message is too long", e);
            }
        }
        time = System.nanoTime() - time;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        if (allocated > MOST_ALLOCATED) {
            throw new AssertionError("allocated " + allocated + " bytes");
        }
        if (time > MOST_NANOSECONDS) {
            throw new AssertionError("took " + time + " ns");
        }
        return opened;
    }

    private static void openTensors(Path path) {
        try (TensorFile file = TensorFile.open(path)) {
            file.metadata().values().forEach(Fuzz::touch);
            file.tensors().values().forEach(Fuzz::touch);
        }
    }

    private static void touch(Object value) {
        if (value instanceof List<?> list) {
            list.forEach(Fuzz::touch);
        } else {
            var _ = value.hashCode();
        }
    }

    private static void touch(StoredTensor tensor) {
        MemorySegment data = tensor.data();
        if (data.byteSize() != tensor.type().bytes(tensor.elements())) {
            throw new AssertionError(tensor + " has the wrong size");
        }
        if (data.byteSize() > 0) {
            data.get(ValueLayout.JAVA_BYTE, 0);
            data.get(ValueLayout.JAVA_BYTE, data.byteSize() - 1);
        }
    }
}
