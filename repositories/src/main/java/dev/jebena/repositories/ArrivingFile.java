package dev.jebena.repositories;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.ReadChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that is being fetched: it can be read while it arrives. Its last byte is not given away
/// before all of them are verified, so nobody gets a whole file that is wrong.
final class ArrivingFile {
    private final Path file;
    private final long size;
    private long arrived;
    private boolean verified;
    private @Nullable IOException failure;
    private int readers;
    private boolean finished;

    ArrivingFile(Path folder, long size) throws IOException {
        this.file = DurableFiles.temporary(Files.createDirectories(folder));
        this.size = size;
        Files.createFile(file);
    }

    /// Fetches the bytes, and puts them into a store once they are verified.
    interface Fetch {
        void copy(OutputStream out) throws IOException;
    }

    /// Where a verified file goes.
    interface Store {
        void put(InputStream in);
    }

    /// Fetches all of it; readers see what comes meanwhile. Failures are theirs too.
    void fetch(Fetch fetch, Store store) {
        try {
            try (OutputStream out = new Growing(Files.newOutputStream(file))) {
                fetch.copy(out);
            }
            try (InputStream in = Files.newInputStream(file)) {
                store.put(in);
            }
            end(null);
        } catch (IOException e) {
            end(e);
        } catch (RuntimeException e) {
            end(new IOException(e.getMessage(), e));
        }
    }

    private synchronized void end(@Nullable IOException problem) {
        failure = problem;
        verified = problem == null;
        finished = true;
        notifyAll();
        removeUnused();
    }

    private void removeUnused() {
        if (finished && readers == 0) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException _) {
                // The next start removes it.
            }
        }
    }

    private synchronized void grow(int count) {
        arrived += count;
        notifyAll();
    }

    /// Bytes that may be read, waiting until there are more than `position`.
    private synchronized long await(long position) throws IOException {
        while (true) {
            if (failure != null) {
                throw new IOException("the file did not arrive: " + failure.getMessage(), failure);
            }
            long readable = verified ? size : Math.min(arrived, size - 1);
            if (readable > position || position >= size) {
                return readable;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /// Reads it from the start.
    SeekableByteChannel open() throws IOException {
        synchronized (this) {
            readers++;
        }
        return new Reader(FileChannel.open(file, StandardOpenOption.READ));
    }

    private synchronized void leave() {
        readers--;
        removeUnused();
    }

    /// Counts what was written.
    private final class Growing extends OutputStream {
        private final OutputStream out;

        Growing(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            grow(1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            out.write(bytes, offset, count);
            grow(count);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    private final class Reader extends ReadChannel {
        private final FileChannel channel;

        Reader(FileChannel channel) {
            super(size);
            this.channel = channel;
        }

        @Override
        protected int readAt(long from, ByteBuffer into) throws IOException {
            long there = await(from) - from;
            if (there >= into.remaining()) {
                return channel.read(into, from);
            }
            int limit = into.limit();
            into.limit(into.position() + (int) there);
            try {
                return channel.read(into, from);
            } finally {
                into.limit(limit);
            }
        }

        @Override
        protected void release() throws IOException {
            channel.close();
            leave();
        }
    }

    /// Removes what a killed server left.
    static void clean(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (var left = Files.newDirectoryStream(folder, DurableFiles.TEMPORARY_PREFIX + "*")) {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
