package dev.jebena.buckets;

import dev.jebena.base.ReadChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads an object in windows: small ones for jumps, larger ones for whoever reads on.
final class S3Channel extends ReadChannel {
    private static final int FIRST = 256 << 10;
    private static final int LARGEST = 8 << 20;

    /// Gets a range of an object.
    @FunctionalInterface
    interface Ranges {
        byte[] get(long from, int count) throws IOException;
    }

    private final Ranges object;
    private byte[] window = new byte[0];
    private long windowStart;
    private int next = FIRST;

    S3Channel(Ranges object, long size) {
        super(size);
        this.object = object;
    }

    @Override
    protected int readAt(long from, ByteBuffer into) throws IOException {
        long end = windowStart + window.length;
        if (from < windowStart || from >= end) {
            next = from == end ? Math.min(LARGEST, next * 2) : FIRST;
            window = object.get(from, (int) Math.min(next, size() - from));
            windowStart = from;
        }
        return copy(window, windowStart, from, into);
    }

    @Override
    protected void release() {
        window = new byte[0];
    }
}
