package dev.jebena.repositories;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A xorb on its way into the store: each chunk is unpacked and hashed as it passes, and at the end
/// the hash of the whole must be the one by which it is called. Throws status 400 otherwise.
final class XorbIntake extends FilterInputStream {
    static final int LARGEST_CHUNK = 1 << 17;
    private static final int LARGEST_STORED = 2 * LARGEST_CHUNK;
    private static final int MOST_CHUNKS = 8 * 1024 * 2;

    private final String name;
    private final List<XorbIndex.Chunk> chunks = new ArrayList<>();
    private final byte[] current = new byte[XorbIndex.HEADER + LARGEST_STORED];
    private int filled;
    private long at;
    private boolean footer;

    /// @param name the hash that it must have
    XorbIntake(InputStream in, String name) {
        super(in);
        this.name = name;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        int read = in.read(buffer, offset, count);
        if (read < 0) {
            finish();
        } else {
            take(buffer, offset, read);
        }
        return read;
    }

    private void take(byte[] buffer, int offset, int count) {
        int from = offset;
        int end = offset + count;
        while (from < end && !footer) {
            int wanted = filled < XorbIndex.HEADER ? XorbIndex.HEADER : wanted();
            int part = Math.min(wanted - filled, end - from);
            System.arraycopy(buffer, from, current, filled, part);
            filled += part;
            from += part;
            // What follows the chunks begins with letters.
            footer = current[0] != 0;
            if (!footer && filled >= XorbIndex.HEADER && filled == wanted()) {
                add();
            }
        }
    }

    private int wanted() {
        int stored = number(1);
        if (stored > LARGEST_STORED || number(5) > LARGEST_CHUNK || stored == 0) {
            throw HubError.bad(
                    "The xorb %s has a chunk of %d bytes, stored as %d; at most %d are allowed"
                            .formatted(name, number(5), stored, LARGEST_CHUNK));
        }
        return XorbIndex.HEADER + stored;
    }

    private int number(int at) {
        return (current[at] & 0xff)
                | (current[at + 1] & 0xff) << 8
                | (current[at + 2] & 0xff) << 16;
    }

    private void add() {
        if (chunks.size() == MOST_CHUNKS) {
            throw HubError.bad("The xorb " + name + " has more than " + MOST_CHUNKS + " chunks");
        }
        int stored = filled - XorbIndex.HEADER;
        byte[] packed = Arrays.copyOfRange(current, XorbIndex.HEADER, filled);
        byte[] bytes = XorbReader.unpacked(packed, current[4], number(5));
        chunks.add(
                new XorbIndex.Chunk(
                        at + XorbIndex.HEADER,
                        stored,
                        current[4],
                        bytes.length,
                        XetHashes.chunk(bytes)));
        at += filled;
        filled = 0;
    }

    private void finish() {
        if (!footer && filled > 0) {
            throw HubError.bad("The xorb " + name + " ends in the middle of a chunk");
        }
        XorbIndex index = index();
        String actual = XetHashes.text(XetHashes.root(index.nodes(0, index.count())));
        if (chunks.isEmpty() || !actual.equals(name)) {
            throw HubError.bad("The chunks have the hash " + actual + ", not " + name);
        }
    }

    /// What has passed.
    XorbIndex index() {
        return new XorbIndex(chunks);
    }
}
