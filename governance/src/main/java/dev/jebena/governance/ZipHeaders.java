package dev.jebena.governance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// The entries of a ZIP file whose directory is damaged, by the headers before each: so that a
/// pickle cannot hide behind a wrong flag that other programs do not look at.
record ZipHeaders(FileScan scan, String path, int depth) {
    private static final int HEADER = 30;
    private static final int SIGNATURE = 0x04034b50;
    private static final int CHUNK = 1 << 16;
    private static final int MOST = 10_000;

    void read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            int found = 0;
            for (long at = 0; at < channel.size(); at += CHUNK - HEADER) {
                chunk.clear();
                channel.read(chunk, at);
                chunk.flip();
                for (int i = 0; i < CHUNK - HEADER && i + HEADER <= chunk.limit(); i++) {
                    if (chunk.getInt(i) == SIGNATURE && found++ < MOST) {
                        entry(channel, at + i, chunk.slice(i, HEADER));
                    }
                }
            }
        }
    }

    private void entry(FileChannel channel, long at, ByteBuffer slice) throws IOException {
        ByteBuffer header = slice.order(ByteOrder.LITTLE_ENDIAN);
        int method = header.getShort(8);
        int nameLength = header.getShort(26) & 0xffff;
        int extra = header.getShort(28) & 0xffff;
        ByteBuffer name = ByteBuffer.allocate(Math.min(nameLength, 1024));
        channel.read(name, at + HEADER);
        scan.budget().entry();
        String inner =
                path + "!" + new String(name.array(), 0, name.position(), StandardCharsets.UTF_8);
        Inflater inflater = new Inflater(true);
        try {
            channel.position(at + HEADER + nameLength + extra);
            // Closing it would close the channel.
            InputStream packed = Channels.newInputStream(channel);
            InputStream in = method == 8 ? new InflaterInputStream(packed, inflater) : packed;
            scan.content(inner, scan.budget().counting(in), null, depth + 1);
        } catch (ScanBudget.Exhausted e) {
            throw e;
        } catch (IOException _) {
            // No entry here, or a damaged one: what was found in it is noted.
        } finally {
            inflater.end();
        }
    }
}
