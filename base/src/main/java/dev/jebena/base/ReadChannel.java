package dev.jebena.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/// A channel that can only be read, of a size known before. Whoever extends it says what bytes
/// there are at a position. One thread at a time uses it.
public abstract class ReadChannel implements SeekableByteChannel {
    private final long size;
    private long position;
    private boolean open = true;

    /// @param size in bytes
    protected ReadChannel(long size) {
        this.size = size;
    }

    /// Puts at least one byte, and at most as many as there is room for.
    ///
    /// @param from is below the size
    /// @return the number of bytes put
    protected abstract int readAt(long from, ByteBuffer into) throws IOException;

    /// Gives back what the channel holds. Called once.
    protected abstract void release() throws IOException;

    @Override
    public final int read(ByteBuffer into) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (position >= size) {
            return -1;
        }
        if (!into.hasRemaining()) {
            return 0;
        }
        int count = readAt(position, into);
        position += Math.max(0, count);
        return count;
    }

    /// Puts what part of a window, which begins at `windowStart`, lies from `from` on.
    protected static int copy(byte[] window, long windowStart, long from, ByteBuffer into) {
        int offset = (int) (from - windowStart);
        int count = Math.min(into.remaining(), window.length - offset);
        into.put(window, offset, count);
        return count;
    }

    @Override
    public final long position() {
        return position;
    }

    @Override
    public final SeekableByteChannel position(long wanted) {
        if (wanted < 0) {
            throw new IllegalArgumentException("position " + wanted);
        }
        position = wanted;
        return this;
    }

    @Override
    public final long size() {
        return size;
    }

    @Override
    public final int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public final SeekableByteChannel truncate(long length) {
        throw new NonWritableChannelException();
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public final void close() throws IOException {
        if (open) {
            open = false;
            release();
        }
    }
}
