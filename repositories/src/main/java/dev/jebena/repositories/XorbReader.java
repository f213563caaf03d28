package dev.jebena.repositories;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// Reads chunks out of xorbs, some of which it keeps open. Used by one thread at a time.
final class XorbReader implements AutoCloseable {
    private static final int MOST_OPEN = 16;

    private final Function<String, Xorb> find;
    private final Map<String, Xorb> open = new LinkedHashMap<>(16, 0.75f, true);

    /// @param find opens a xorb; throws when there is none
    XorbReader(Function<String, Xorb> find) {
        this.find = find;
    }

    /// A xorb that can be read.
    record Xorb(SeekableByteChannel channel, XorbIndex index) {}

    private Xorb xorb(String hash) throws IOException {
        Xorb known = open.get(hash);
        if (known == null) {
            known = find.apply(hash);
            open.put(hash, known);
            if (open.size() > MOST_OPEN) {
                var eldest = open.entrySet().iterator();
                eldest.next().getValue().channel().close();
                eldest.remove();
            }
        }
        return known;
    }

    XorbIndex index(String hash) throws IOException {
        return xorb(hash).index();
    }

    /// The bytes of a chunk.
    byte[] chunk(String hash, int place) throws IOException {
        Xorb xorb = xorb(hash);
        XorbIndex.Chunk chunk = xorb.index().chunk(place);
        ByteBuffer stored = ByteBuffer.allocate(chunk.stored());
        xorb.channel().position(chunk.offset());
        while (stored.hasRemaining()) {
            if (xorb.channel().read(stored) < 0) {
                throw new IOException("the xorb " + hash + " ended early");
            }
        }
        return unpacked(stored.array(), chunk.compression(), chunk.size());
    }

    /// The bytes of a chunk as it is stored. Throws status 400 for a damaged one.
    static byte[] unpacked(byte[] stored, int compression, int size) {
        byte[] bytes =
                switch (compression) {
                    case 0 -> stored;
                    case 1 -> Lz4Frame.decode(stored, size);
                    case 2 -> ungrouped(Lz4Frame.decode(stored, size));
                    default -> throw HubError.bad("Unknown compression in a xorb: " + compression);
                };
        if (bytes.length != size) {
            throw HubError.bad(
                    "A chunk has %d bytes, its header says %d".formatted(bytes.length, size));
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

    @Override
    public void close() throws IOException {
        for (Xorb xorb : open.values()) {
            xorb.channel().close();
        }
    }
}
