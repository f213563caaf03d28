package dev.jebena.repositories;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/// A file that is kept as chunks, read as if it lay in one piece.
final class ChunkedChannel implements SeekableByteChannel {
    private final XorbReader xorbs;
    private final List<XetShard.Term> terms;

    /// Where each term begins, and at the end the size.
    private final long[] starts;

    private long position;
    private byte[] current = new byte[0];
    private long currentStart;
    private boolean open = true;

    /// @param xorbs is closed with the channel
    ChunkedChannel(XorbReader xorbs, List<XetShard.Term> terms) {
        this.xorbs = xorbs;
        this.terms = terms;
        starts = new long[terms.size() + 1];
        for (int i = 0; i < terms.size(); i++) {
            starts[i + 1] = starts[i] + terms.get(i).bytes();
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (position >= size()) {
            return -1;
        }
        if (position < currentStart || position >= currentStart + current.length) {
            load();
        }
        int from = (int) (position - currentStart);
        int count = Math.min(into.remaining(), current.length - from);
        into.put(current, from, count);
        position += count;
        return count;
    }

    /// The chunk at the position.
    private void load() throws IOException {
        int term = termAt(position);
        XetShard.Term now = terms.get(term);
        XorbIndex index = xorbs.index(now.xorb());
        long start = starts[term];
        int place = now.start();
        while (start + index.chunk(place).size() <= position) {
            start += index.chunk(place).size();
            place++;
        }
        current = xorbs.chunk(now.xorb(), place);
        currentStart = start;
    }

    private int termAt(long wanted) {
        int low = 0;
        int high = terms.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= wanted) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
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
        return starts[terms.size()];
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        xorbs.close();
    }
}
