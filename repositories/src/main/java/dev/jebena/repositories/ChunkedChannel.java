package dev.jebena.repositories;

import dev.jebena.base.ReadChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A file that is kept as chunks, read as if it lay in one piece.
final class ChunkedChannel extends ReadChannel {
    private final XorbReader xorbs;
    private final List<XetShard.Term> terms;

    /// Where each term begins, and at the end the size.
    private final long[] starts;

    private byte[] current = new byte[0];
    private long currentStart;

    /// @param xorbs is closed with the channel
    ChunkedChannel(XorbReader xorbs, List<XetShard.Term> terms) {
        super(terms.stream().mapToLong(XetShard.Term::bytes).sum());
        this.xorbs = xorbs;
        this.terms = terms;
        starts = new long[terms.size() + 1];
        for (int i = 0; i < terms.size(); i++) {
            starts[i + 1] = starts[i] + terms.get(i).bytes();
        }
    }

    @Override
    protected int readAt(long from, ByteBuffer into) throws IOException {
        if (from < currentStart || from >= currentStart + current.length) {
            load(from);
        }
        return copy(current, currentStart, from, into);
    }

    /// The chunk at the position.
    private void load(long position) throws IOException {
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
    protected void release() throws IOException {
        xorbs.close();
    }
}
