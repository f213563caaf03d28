package dev.jebena.data.internal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.jspecify.annotations.Nullable;

/// A record batch: columns over buffers that lie where they were read or mapped. What a buffer
/// cannot hold is an [IndexOutOfBoundsException] at the first access.
final class ArrowBatch {
    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final FlatTable header;
    private final MemorySegment body;
    private final long maxBytes;
    private final int codec;
    private long decompressed;
    private int node;
    private int buffer;
    private int variadic;

    private ArrowBatch(FlatTable header, MemorySegment body, long maxBytes) {
        this.header = header;
        this.body = body;
        this.maxBytes = maxBytes;
        FlatTable compression = header.table(3);
        this.codec = compression == null ? -1 : compression.byteAt(0, 0);
    }

    static long rows(FlatTable header) {
        long rows = header.longAt(0, 0);
        if (rows < 0 || rows > Integer.MAX_VALUE) {
            throw new IndexOutOfBoundsException("a batch of %,d rows".formatted(rows));
        }
        return rows;
    }

    /// The columns of a batch.
    ///
    /// @param header the RecordBatch table
    /// @param maxBytes of all decompressed buffers together
    static List<ArrowColumn> columns(
            FlatTable header,
            MemorySegment body,
            List<ArrowField> fields,
            Map<Long, ArrowColumn> dictionaries,
            long maxBytes)
            throws IOException {
        ArrowBatch batch = new ArrowBatch(header, body, maxBytes);
        List<ArrowColumn> columns = new ArrayList<>();
        for (ArrowField field : fields) {
            columns.add(batch.column(field, dictionaries, rows(header)));
        }
        return columns;
    }

    /// The next field's length.
    private long nextNode(long atLeast) {
        long length = header.longIn(header.structAt(1, node++, 16));
        if (length < atLeast) {
            throw new IndexOutOfBoundsException(
                    "a column of %,d values where %,d are needed".formatted(length, atLeast));
        }
        return length;
    }

    private MemorySegment nextBuffer() throws IOException {
        int place = header.structAt(2, buffer++, 16);
        MemorySegment stored = body.asSlice(header.longIn(place), header.longIn(place + 8));
        return codec < 0 || stored.byteSize() == 0 ? stored : decompress(stored);
    }

    /// A compressed buffer begins with its true length; -1 says that it is stored as it is.
    private MemorySegment decompress(MemorySegment stored) throws IOException {
        long length = stored.get(LONG, 0);
        MemorySegment content = stored.asSlice(8);
        if (length == -1) {
            return content;
        }
        decompressed += length;
        if (length < 0 || decompressed > maxBytes || length > Integer.MAX_VALUE - 16) {
            throw new IndexOutOfBoundsException(
                    "%,d bytes decompressed; at most %,d".formatted(length, maxBytes));
        }
        byte[] in = content.toArray(ValueLayout.JAVA_BYTE);
        byte[] out = codec == 1 ? zstd(in, (int) length) : lz4(in, (int) length);
        return MemorySegment.ofArray(out);
    }

    private static byte[] zstd(byte[] in, int length) throws IOException {
        byte[] out = new byte[length];
        try {
            if (Zstd.decompress(out, in) == length) {
                return out;
            }
        } catch (ZstdException e) {
            throw new IOException("a zstd buffer is damaged", e);
        }
        throw new IOException("a zstd buffer is damaged");
    }

    private static byte[] lz4(byte[] in, int length) throws IOException {
        try (LZ4FrameInputStream stream = new LZ4FrameInputStream(new ByteArrayInputStream(in))) {
            byte[] out = stream.readNBytes(length);
            if (out.length != length) {
                throw new IOException("an lz4 buffer is damaged");
            }
            return out;
        }
    }

    /// @param atLeast so many values are asked for
    private ArrowColumn column(ArrowField field, Map<Long, ArrowColumn> dictionaries, long atLeast)
            throws IOException {
        ArrowField index = field.index();
        if (index != null) {
            ArrowColumn values = dictionaries.get(field.dictionary());
            ArrowColumn indices = plain(index, dictionaries, atLeast);
            if (values == null) {
                throw new IndexOutOfBoundsException("no dictionary " + field.dictionary());
            }
            return new ArrowColumn.Dictionary(indices, values);
        }
        return plain(field, dictionaries, atLeast);
    }

    private ArrowColumn plain(ArrowField field, Map<Long, ArrowColumn> dictionaries, long atLeast)
            throws IOException {
        long length = nextNode(atLeast);
        if (field.tag() == ArrowField.NULL) {
            return new ArrowColumn.Nulls(length);
        }
        MemorySegment valid = nextBuffer();
        return switch (field.tag()) {
            case ArrowField.STRUCT -> {
                List<ArrowColumn> children = new ArrayList<>();
                for (ArrowField child : field.children()) {
                    children.add(column(child, dictionaries, length));
                }
                yield new ArrowColumn.Struct(field, valid, length, children);
            }
            case ArrowField.FIXED_LIST -> {
                long elements = Math.multiplyExact(length, (long) field.width());
                yield new ArrowColumn.Lists(
                        field, valid, length, null, column(field.child(), dictionaries, elements));
            }
            case ArrowField.LIST, ArrowField.MAP, ArrowField.LARGE_LIST -> {
                MemorySegment offsets = nextBuffer();
                yield new ArrowColumn.Lists(
                        field, valid, length, offsets, column(field.child(), dictionaries, 0));
            }
            case ArrowField.UTF8,
                    ArrowField.BINARY,
                    ArrowField.LARGE_UTF8,
                    ArrowField.LARGE_BINARY ->
                    new ArrowColumn.Bytes(field, valid, length, nextBuffer(), nextBuffer());
            case ArrowField.UTF8_VIEW, ArrowField.BINARY_VIEW -> views(field, valid, length);
            default -> new ArrowColumn.Fixed(field, valid, length, nextBuffer());
        };
    }

    private ArrowColumn views(ArrowField field, MemorySegment valid, long length)
            throws IOException {
        MemorySegment views = nextBuffer();
        long count = header.longIn(header.structAt(4, variadic++, 8));
        if (count < 0 || count > 100_000) {
            throw new IndexOutOfBoundsException(count + " buffers of one column");
        }
        List<MemorySegment> buffers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            buffers.add(nextBuffer());
        }
        return new ArrowColumn.Views(field, valid, length, views, buffers);
    }

    /// True where the bit says so, or there are no bits.
    static boolean isValid(@Nullable MemorySegment bits, long i) {
        return bits == null
                || bits.byteSize() == 0
                || (bits.get(ValueLayout.JAVA_BYTE, i >> 3) >> (i & 7) & 1) != 0;
    }
}
