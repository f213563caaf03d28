package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// A sorted table of strings to bytes in LevelDB's format (`table_format.md` there), which
/// TensorFlow's checkpoints use as their index: blocks of prefix-compressed entries, a block that
/// lists them, and a footer. Every block has a checksum.
final class SortedTable {
    private static final int FOOTER = 48;
    private static final long MAGIC = 0xdb4775248b80fb57L;
    private static final int TRAILER = 5;
    private static final int MOST_ENTRIES = 1_000_000;
    private static final int LONGEST_KEY = 1 << 16;

    /// Bytes of all keys, which can be far more than those of the file.
    private static final long LONGEST_KEYS = 256L << 20;

    private static final int MASK_DELTA = 0xa282ead8;
    private static final ValueLayout.OfInt I32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// What is done with an entry.
    private interface Entry {
        void accept(byte[] key, MemorySegment value);
    }

    private final MappedFile file;
    private final Map<String, MemorySegment> entries = new LinkedHashMap<>();
    private int count;
    private long keyBytes;

    private SortedTable(MappedFile file) {
        this.file = file;
    }

    /// All entries, in the order of their keys, which are shown as Latin 1: some are no text.
    static Map<String, MemorySegment> read(MappedFile file) {
        if (file.size() < FOOTER || file.bytes().get(I64, file.size() - Long.BYTES) != MAGIC) {
            throw file.problem(
                    "it does not end as an index of TensorFlow's does; it is truncated or of another kind");
        }
        SortedTable table = new SortedTable(file);
        table.readAll();
        return table.entries;
    }

    private void readAll() {
        long footer = file.size() - FOOTER;
        Cursor handles = new Cursor(file.bytes().asSlice(footer, FOOTER), footer);
        // The place of a block of metadata, which is empty.
        handles.varint();
        handles.varint();
        block(handles, (_, handle) -> block(new Cursor(handle, 0), this::add));
    }

    private void add(byte[] key, MemorySegment value) {
        entries.put(new String(key, StandardCharsets.ISO_8859_1), value);
    }

    /// The checksum of `bytes` as these files store it.
    static int maskedChecksum(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        long piece = 1 << 30;
        for (long at = 0; at < bytes.byteSize(); at += piece) {
            crc.update(bytes.asSlice(at, Math.min(piece, bytes.byteSize() - at)).asByteBuffer());
        }
        int value = (int) crc.getValue();
        return Integer.rotateRight(value, 15) + MASK_DELTA;
    }

    /// The entries of the block that `handle` says the place of.
    private void block(Cursor handle, Entry each) {
        long offset = handle.varint();
        long size = handle.varint();
        if (offset < 0 || size < 0 || offset > file.size() - TRAILER - size) {
            throw file.problem(
                    "a block of its index lies at byte %s and takes %s bytes, the file has %d; download it again"
                            .formatted(
                                    Long.toUnsignedString(offset),
                                    Long.toUnsignedString(size),
                                    file.size()));
        }
        int compression = file.bytes().get(ValueLayout.JAVA_BYTE, offset + size);
        int expected = file.bytes().get(I32, offset + size + 1);
        int found = maskedChecksum(file.bytes().asSlice(offset, size + 1));
        if (found != expected) {
            throw file.problem(
                    offset,
                    "the block's checksum is %08x instead of %08x; download the file again"
                            .formatted(found, expected));
        }
        if (compression != 0) {
            throw file.problem(offset, "the block is compressed, which TensorFlow does not do");
        }
        if (size < Integer.BYTES) {
            throw file.problem(offset, "a block of " + size + " bytes");
        }
        long restarts = file.bytes().get(I32, offset + size - Integer.BYTES) & 0xffff_ffffL;
        long end = size - Integer.BYTES - restarts * Integer.BYTES;
        if (end < 0) {
            throw file.problem(
                    offset, "a block of %d bytes with %d restarts".formatted(size, restarts));
        }
        entries(new Cursor(file.bytes().asSlice(offset, end), offset), each);
    }

    private void entries(Cursor block, Entry each) {
        byte[] key = new byte[0];
        while (block.hasMore()) {
            if (++count > MOST_ENTRIES) {
                throw file.problem("its index has more than " + MOST_ENTRIES + " entries");
            }
            long shared = block.varint();
            long added = block.varint();
            long length = block.varint();
            if (shared < 0 || shared > key.length || added < 0 || added > LONGEST_KEY - shared) {
                throw file.problem(
                        block.position(),
                        "a key shares %s bytes with one of %d and adds %s"
                                .formatted(
                                        Long.toUnsignedString(shared),
                                        key.length,
                                        Long.toUnsignedString(added)));
            }
            byte[] next = Arrays.copyOf(key, (int) (shared + added));
            MemorySegment.copy(
                    block.take(added), ValueLayout.JAVA_BYTE, 0, next, (int) shared, (int) added);
            key = next;
            keyBytes += key.length;
            if (keyBytes > LONGEST_KEYS) {
                throw file.problem(
                        "the keys of its index have more than " + LONGEST_KEYS + " bytes");
            }
            each.accept(key, block.take(length));
        }
    }

    /// Reads a piece of the file.
    private final class Cursor {
        private final MemorySegment bytes;
        private final long begin;
        private long at;

        private Cursor(MemorySegment bytes, long begin) {
            this.bytes = bytes;
            this.begin = begin;
        }

        private boolean hasMore() {
            return at < bytes.byteSize();
        }

        private long position() {
            return begin + at;
        }

        private MemorySegment take(long length) {
            if (length < 0 || length > bytes.byteSize() - at) {
                throw file.problem(
                        position(),
                        "the index needs %s bytes here, its block has %d more"
                                .formatted(Long.toUnsignedString(length), bytes.byteSize() - at));
            }
            MemorySegment taken = bytes.asSlice(at, length);
            at += length;
            return taken;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = take(1).get(ValueLayout.JAVA_BYTE, 0);
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw file.problem(position(), "a number of more than 10 bytes");
        }
    }
}
