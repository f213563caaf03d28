package dev.jebena.repositories;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bytes under construction: in memory while they are few, then in a file that has no name, so that
/// nothing is left of it when the process is killed. Used by one thread at a time.
final class SpooledBytes implements AutoCloseable {
    private static final int MOST_IN_MEMORY = 1 << 20;

    private final Path folder;
    private byte[] memory = new byte[1024];
    private long size;
    private @Nullable FileChannel file;

    /// @param folder for the file, should one be needed
    SpooledBytes(Path folder) {
        this.folder = folder;
    }

    long size() {
        return size;
    }

    void write(byte[] bytes, int offset, int count) throws IOException {
        if (file == null && size + count > MOST_IN_MEMORY) {
            spill();
        }
        FileChannel out = file;
        if (out == null) {
            int needed = (int) size + count;
            if (needed > memory.length) {
                memory = Arrays.copyOf(memory, Math.max(needed, memory.length * 2));
            }
            System.arraycopy(bytes, offset, memory, (int) size, count);
        } else {
            write(out, ByteBuffer.wrap(bytes, offset, count), size);
        }
        size += count;
    }

    private void spill() throws IOException {
        Files.createDirectories(folder);
        Path name = Files.createTempFile(folder, "spool-", "");
        FileChannel channel =
                FileChannel.open(
                        name,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
        file = channel;
        try {
            Files.deleteIfExists(name);
        } catch (IOException _) {
            // A system that keeps open files: it goes when it is closed.
        }
        write(channel, ByteBuffer.wrap(memory, 0, (int) size), 0);
        memory = new byte[0];
    }

    private static void write(FileChannel out, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += out.write(bytes, position);
        }
    }

    /// Bytes from a position on; -1 at the end.
    int read(long position, ByteBuffer into) throws IOException {
        if (position >= size) {
            return -1;
        }
        if (file != null) {
            return file.read(into, position);
        }
        int count = (int) Math.min(into.remaining(), size - position);
        into.put(memory, (int) position, count);
        return count;
    }

    /// All bytes of few; throws for more than `limit`.
    byte[] toArray(int limit) throws IOException {
        if (size > limit) {
            throw new IOException(size + " bytes, at most " + limit + " are expected");
        }
        ByteBuffer all = ByteBuffer.allocate((int) size);
        while (all.hasRemaining() && read(all.position(), all) >= 0) {
            // Continues behind what came.
        }
        return all.array();
    }

    /// Reads from the beginning.
    InputStream stream() throws IOException {
        if (file == null) {
            return new ByteArrayInputStream(memory, 0, (int) size);
        }
        file.position(0);
        return Channels.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
