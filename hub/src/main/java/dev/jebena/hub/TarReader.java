package dev.jebena.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a tar archive (ustar with pax extended headers, as npm writes it) from front to back.
public final class TarReader {
    private static final int BLOCK = 512;
    private static final int MAX_EXTENDED = 1 << 20;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];
    private long left;
    private long padding;

    /// What an archive has one after the other: a file, a folder, a link or a device.
    ///
    /// @param type the header's letter
    /// @param link where a link leads; empty for other entries
    public record Entry(String path, char type, String link) {
        public boolean isFile() {
            return type == '0' || type == 0;
        }

        public boolean isSymbolicLink() {
            return type == '2';
        }
    }

    /// Does not close `in`.
    public TarReader(InputStream in) {
        this.in = in;
    }

    /// The path of the next regular file; null at the end.
    @Nullable String next() throws IOException {
        Entry entry = nextEntry();
        while (entry != null && !entry.isFile()) {
            entry = nextEntry();
        }
        return entry == null ? null : entry.path();
    }

    /// The next entry; null at the end.
    public @Nullable Entry nextEntry() throws IOException {
        String extended = null;
        while (true) {
            in.skipNBytes(left + padding);
            left = 0;
            padding = 0;
            if (in.readNBytes(header, 0, BLOCK) < BLOCK || header[0] == 0) {
                return null;
            }
            left = size();
            padding = (BLOCK - left % BLOCK) % BLOCK;
            switch (header[156]) {
                case 'x' -> extended = extendedPath();
                case 'g' -> {} // For all files: names nothing.
                default -> {
                    char type = (char) header[156];
                    return new Entry(
                            extended != null ? extended : name(),
                            type,
                            type == '1' || type == '2' ? text(157, 100) : "");
                }
            }
        }
    }

    /// The bytes of the file that [#next] named. Closing it closes the archive.
    public InputStream content() {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int n = in.read(bytes, offset, (int) Math.min(count, left));
                if (n < 0) {
                    throw new IOException("the archive ends within a file");
                }
                left -= n;
                return n;
            }
        };
    }

    private String name() {
        String prefix = text(345, 155);
        return prefix.isEmpty() ? text(0, 100) : prefix + "/" + text(0, 100);
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    /// Octal digits, or (first bit set) a big-endian binary number.
    private long size() throws IOException {
        long size = 0;
        if ((header[124] & 0x80) != 0) {
            for (int i = 128; i < 136; i++) {
                size = (size << 8) | (header[i] & 0xff);
            }
        } else {
            String digits = text(124, 12).strip();
            try {
                size = digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
            } catch (NumberFormatException e) {
                throw new IOException("bad size '" + digits + "' in the archive", e);
            }
        }
        if (size < 0) {
            throw new IOException("negative size in the archive");
        }
        return size;
    }

    /// Pax records: `length key=value` and a line feed.
    private @Nullable String extendedPath() throws IOException {
        if (left > MAX_EXTENDED) {
            throw new IOException("a header of " + left + " bytes in the archive");
        }
        String records = new String(in.readNBytes((int) left), StandardCharsets.UTF_8);
        left = 0;
        for (String record : records.split("\n")) {
            int at = record.indexOf(" path=");
            if (at > 0) {
                return record.substring(at + " path=".length());
            }
        }
        return null;
    }
}
