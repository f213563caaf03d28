package dev.jebena.formats;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes a ZIP file whose stored entries begin at multiples of 64 bytes, so that they can be
/// mapped. The 64-bit extension is used where sizes or offsets demand it. Entries are dated 1980,
/// so that equal content gives equal bytes.
final class ZipWriter {
    private static final int ALIGNMENT = 64;
    private static final long LARGEST = 0xffff_ffffL;
    private static final int VERSION = 45;
    private static final int UTF8 = 0x0800;
    private static final int DATE = 0x0021;

    /// The field under which PyTorch pads entries.
    private static final int PADDING = 0x4246;

    private record Entry(byte[] name, int method, long crc, long packed, long size, long header) {}

    private final FileChannel channel;
    private final List<Entry> entries = new ArrayList<>();

    ZipWriter(FileChannel channel) {
        this.channel = channel;
    }

    /// Appends an entry. Throws [IllegalArgumentException] when `data` does not write `size` bytes.
    void add(String name, long size, boolean deflated, TensorData data) throws IOException {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        long header = channel.position();
        boolean large = size >= LARGEST;
        int extra = large ? 20 : 0;
        long begin = header + 30 + utf8.length + extra;
        int padding = deflated ? 0 : (int) Math.floorMod(-(begin + 4), (long) ALIGNMENT) + 4;
        channel.position(begin + padding);
        Sink sink = new Sink(deflated);
        data.writeTo(sink);
        sink.finish();
        if (sink.size != size) {
            throw new IllegalArgumentException(
                    "%s must have %d bytes, its data wrote %d"
                            .formatted(Names.quoted(name), size, sink.size));
        }
        long end = channel.position();
        Entry entry =
                new Entry(
                        utf8,
                        deflated ? 8 : 0,
                        sink.crc.getValue(),
                        end - begin - padding,
                        size,
                        header);
        entries.add(entry);
        ByteBuffer local = buffer(30 + utf8.length + extra + padding);
        local.putInt(0x04034b50).putShort((short) VERSION);
        fields(local, entry, large);
        local.putShort((short) utf8.length).putShort((short) (extra + padding)).put(utf8);
        if (large) {
            local.putShort((short) 1).putShort((short) 16).putLong(size).putLong(entry.packed);
        }
        if (padding > 0) {
            local.putShort((short) PADDING).putShort((short) (padding - 4));
        }
        Segments.write(channel.position(header), MemorySegment.ofBuffer(local.position(0)));
        channel.position(end);
    }

    /// Writes the directory.
    void finish() throws IOException {
        long begin = channel.position();
        for (Entry entry : entries) {
            boolean large = entry.size >= LARGEST || entry.packed >= LARGEST;
            boolean far = entry.header >= LARGEST;
            int extra = large || far ? 28 : 0;
            ByteBuffer out = buffer(46 + entry.name.length + extra);
            out.putInt(0x02014b50).putShort((short) VERSION).putShort((short) VERSION);
            fields(out, entry, extra > 0);
            out.putShort((short) entry.name.length).putShort((short) extra).putShort((short) 0);
            out.putShort((short) 0).putShort((short) 0).putInt(0);
            out.putInt((int) (extra > 0 ? LARGEST : entry.header)).put(entry.name);
            if (extra > 0) {
                out.putShort((short) 1).putShort((short) 24);
                out.putLong(entry.size).putLong(entry.packed).putLong(entry.header);
            }
            write(out);
        }
        end(begin, channel.position() - begin);
    }

    private void end(long begin, long size) throws IOException {
        boolean large = begin >= LARGEST || size >= LARGEST || entries.size() >= 0xffff;
        ByteBuffer out = buffer(large ? 98 : 22);
        if (large) {
            out.putInt(0x06064b50).putLong(44);
            out.putShort((short) VERSION).putShort((short) VERSION).putInt(0).putInt(0);
            out.putLong(entries.size()).putLong(entries.size()).putLong(size).putLong(begin);
            out.putInt(0x07064b50).putInt(0).putLong(begin + size).putInt(1);
        }
        short count = (short) Math.min(entries.size(), 0xffff);
        out.putInt(0x06054b50).putShort((short) 0).putShort((short) 0).putShort(count);
        out.putShort(count).putInt((int) Math.min(size, LARGEST));
        out.putInt((int) Math.min(begin, LARGEST)).putShort((short) 0);
        write(out);
    }

    /// Flags to sizes, which are the same in both headers.
    private static void fields(ByteBuffer out, Entry entry, boolean large) {
        out.putShort((short) UTF8).putShort((short) entry.method);
        out.putShort((short) 0).putShort((short) DATE).putInt((int) entry.crc);
        out.putInt((int) (large ? LARGEST : entry.packed));
        out.putInt((int) (large ? LARGEST : entry.size));
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void write(ByteBuffer out) throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /// An entry's content on its way into the file.
    private final class Sink implements WritableByteChannel {
        private final CRC32 crc = new CRC32();
        private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        private final boolean deflated;
        private final byte[] packed = new byte[1 << 16];
        private long size;

        private Sink(boolean deflated) {
            this.deflated = deflated;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = source.remaining();
            crc.update(source.duplicate());
            size += length;
            if (deflated) {
                deflater.setInput(source);
                while (!deflater.needsInput()) {
                    drain();
                }
            } else {
                while (source.hasRemaining()) {
                    channel.write(source);
                }
            }
            return length;
        }

        private void finish() throws IOException {
            deflater.finish();
            while (deflated && !deflater.finished()) {
                drain();
            }
            deflater.end();
        }

        private void drain() throws IOException {
            ByteBuffer out = ByteBuffer.wrap(packed, 0, deflater.deflate(packed));
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
