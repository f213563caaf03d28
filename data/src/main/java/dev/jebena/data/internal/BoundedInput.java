package dev.jebena.data.internal;

import dev.hardwood.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/// A file that is not read without end: damaged headers of pages can lead their reader in circles.
final class BoundedInput implements InputFile {
    /// Whoever reads all rows once stays below.
    private static final int TIMES = 4;

    private static final long SMALL = 64L << 20;

    /// What a read costs at least, so that empty ones come to an end too.
    private static final int LEAST = 64;

    private final InputFile file;
    private final long most;
    private final AtomicLong left = new AtomicLong();

    /// @param size of the file in bytes
    BoundedInput(InputFile file, long size) {
        this.file = file;
        most = Math.max(SMALL, size * TIMES);
        allow();
    }

    /// From here on all of the file may be read again.
    void allow() {
        left.set(most);
    }

    @Override
    public void open() throws IOException {
        file.open();
    }

    @Override
    public ByteBuffer readRange(long offset, int length) throws IOException {
        if (left.addAndGet(-Math.max(LEAST, length)) < 0) {
            throw new IOException("its pages lead in circles");
        }
        return file.readRange(offset, length);
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
