package dev.jebena.buckets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/// Reads an object in windows: small ones for jumps, larger ones for whoever reads on.
final class S3Channel implements SeekableByteChannel {
    private static final int FIRST = 256 << 10;
    private static final int LARGEST = 8 << 20;

    /// Gets a range of an object.
    @FunctionalInterface
    interface Ranges {
        byte[] get(long from, int count) throws IOException;
    }

    private final Ranges object;
    private final long size;
    private long position;
    private byte[] window = new byte[0];
    private long windowStart;
    private int next = FIRST;
    private boolean open = true;

    S3Channel(Ranges object, long size) {
        this.object = object;
        this.size = size;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (position >= size) {
            return -1;
        }
        long end = windowStart + window.length;
        if (position < windowStart || position >= end) {
            next = position == end ? Math.min(LARGEST, next * 2) : FIRST;
            window = object.get(position, (int) Math.min(next, size - position));
            windowStart = position;
        }
        int from = (int) (position - windowStart);
        int count = Math.min(into.remaining(), window.length - from);
        into.put(window, from, count);
        position += count;
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long wanted) {
        if (wanted < 0) {
            throw new IllegalArgumentException("position " + wanted);
        }
        position = wanted;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long length) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        window = new byte[0];
    }
}
