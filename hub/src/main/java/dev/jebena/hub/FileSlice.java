package dev.jebena.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/// Some bytes of a file, as they are read.
final class FileSlice extends FilterInputStream {
    private long left;

    private FileSlice(InputStream in, long size) {
        super(in);
        this.left = size;
    }

    /// The body of a request; tells its length before.
    static BodyPublisher publisher(Path file, long from, long size) {
        if (size == 0) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> open(file, from, size)), size);
    }

    private static InputStream open(Path file, long from, long size) {
        try {
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(from);
            return new FileSlice(in, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read() throws IOException {
        int value = left > 0 ? super.read() : -1;
        left -= value < 0 ? 0 : 1;
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (left <= 0) {
            return -1;
        }
        int n = super.read(bytes, offset, (int) Math.min(count, left));
        left -= Math.max(n, 0);
        return n;
    }
}
