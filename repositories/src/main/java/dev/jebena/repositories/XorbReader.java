package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads chunks out of xorbs. A xorb is a row of chunks, each with a header of 8 bytes: version 0,
/// size as stored (24 bits), compression, size (24 bits); what follows them is not needed.
final class XorbReader implements AutoCloseable {
    private static final int HEADER = 8;
    private static final int MOST_CHUNKS = 1 << 17;
    private static final int MOST_OPEN = 16;

    private final Blobs blobs;
    private final Function<String, ContentId> find;
    private final Map<String, Xorb> open = new LinkedHashMap<>(16, 0.75f, true);

    /// @param find the blob of a xorb; throws when there is none
    XorbReader(Blobs blobs, Function<String, ContentId> find) {
        this.blobs = blobs;
        this.find = find;
    }

    private record Chunk(long offset, int stored, int compression, int size) {}

    private record Xorb(SeekableByteChannel channel, List<Chunk> chunks) {}

    /// The bytes of these chunks, one after the other.
    InputStream stream(List<XetShard.Term> terms) {
        return new ChunkStream(terms);
    }

    private Xorb xorb(String hash) throws IOException {
        Xorb known = open.get(hash);
        if (known == null) {
            SeekableByteChannel channel = blobs.open(find.apply(hash));
            known = new Xorb(channel, index(channel, hash));
            open.put(hash, known);
            if (open.size() > MOST_OPEN) {
                var eldest = open.entrySet().iterator();
                eldest.next().getValue().channel().close();
                eldest.remove();
            }
        }
        return known;
    }

    private static List<Chunk> index(SeekableByteChannel channel, String hash) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        long size = channel.size();
        long at = 0;
        while (at + HEADER <= size && chunks.size() < MOST_CHUNKS) {
            byte[] header = read(channel, at, HEADER);
            if (header[0] != 0) {
                break;
            }
            int stored = number(header, 1);
            chunks.add(new Chunk(at + HEADER, stored, header[4], number(header, 5)));
            at += HEADER + stored;
            if (at > size) {
                throw HubError.bad("The xorb " + hash + " ends in the middle of a chunk");
            }
        }
        return chunks;
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
    }

    private static byte[] read(SeekableByteChannel channel, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        channel.position(at);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("a blob ended early");
            }
        }
        return bytes.array();
    }

    private byte[] chunk(XetShard.Term term, int place) throws IOException {
        Xorb xorb = xorb(term.xorb());
        if (place < 0 || place >= xorb.chunks().size()) {
            throw HubError.bad(
                    "The xorb %s has %d chunks; the shard names number %d"
                            .formatted(term.xorb(), xorb.chunks().size(), place));
        }
        Chunk chunk = xorb.chunks().get(place);
        byte[] stored = read(xorb.channel(), chunk.offset(), chunk.stored());
        byte[] bytes =
                switch (chunk.compression()) {
                    case 0 -> stored;
                    case 1 -> Lz4Frame.decode(stored, chunk.size());
                    case 2 -> ungrouped(Lz4Frame.decode(stored, chunk.size()));
                    default ->
                            throw HubError.bad(
                                    "Unknown compression in a xorb: " + chunk.compression());
                };
        if (bytes.length != chunk.size()) {
            throw HubError.bad(
                    "A chunk has %d bytes, its header says %d"
                            .formatted(bytes.length, chunk.size()));
        }
        return bytes;
    }

    /// Undoes the grouping of every fourth byte, which packs numbers of 4 bytes better.
    private static byte[] ungrouped(byte[] grouped) {
        byte[] bytes = new byte[grouped.length];
        int from = 0;
        for (int group = 0; group < 4; group++) {
            for (int i = group; i < bytes.length; i += 4) {
                bytes[i] = grouped[from++];
            }
        }
        return bytes;
    }

    private final class ChunkStream extends InputStream {
        private final List<XetShard.Term> terms;
        private int term;
        private int place = -1;
        private byte @Nullable [] current;
        private int position;

        ChunkStream(List<XetShard.Term> terms) {
            this.terms = terms;
        }

        private boolean fill() throws IOException {
            while (current == null || position == current.length) {
                if (term == terms.size()) {
                    return false;
                }
                XetShard.Term now = terms.get(term);
                place = place < 0 ? now.start() : place + 1;
                if (place >= now.end()) {
                    term++;
                    place = -1;
                    current = null;
                } else {
                    current = chunk(now, place);
                }
                position = 0;
            }
            return true;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (!fill()) {
                return -1;
            }
            byte[] bytes = current == null ? new byte[0] : current;
            int part = Math.min(count, bytes.length - position);
            System.arraycopy(bytes, position, buffer, offset, part);
            position += part;
            return part;
        }
    }

    @Override
    public void close() throws IOException {
        for (Xorb xorb : open.values()) {
            xorb.channel().close();
        }
    }
}
