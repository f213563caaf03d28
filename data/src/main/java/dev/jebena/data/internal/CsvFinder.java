package dev.jebena.data.internal;

import java.io.IOException;
import java.io.InputStream;

/// Finds records of CSV: a line break within quotes does not end one, and empty lines are none.
/// Quotes count at the beginning of a field only.
final class CsvFinder implements RowFinder {
    private final InputStream in;
    private final byte separator;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long offset;

    /// @param offset where the stream begins in its file
    CsvFinder(InputStream in, char separator, long offset) {
        this.in = in;
        this.separator = (byte) separator;
        this.offset = offset;
    }

    private boolean fill() throws IOException {
        offset += at;
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    /// The next byte, which stays where it is; -1 at the end.
    private int peek() throws IOException {
        return at < end || fill() ? buffer[at] & 0xff : -1;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = 0;
        while (skipped < count && record()) {
            skipped++;
        }
        return skipped;
    }

    private boolean record() throws IOException {
        int first = peek();
        while (first == '\n' || first == '\r') {
            at++;
            first = peek();
        }
        if (first < 0) {
            return false;
        }
        boolean begins = true;
        while (at < end || fill()) {
            byte b = buffer[at++];
            if (b == '"' && begins) {
                passQuoted();
                begins = false;
            } else if (b == '\n' || b == '\r') {
                if (b == '\r' && peek() == '\n') {
                    at++;
                }
                return true;
            } else {
                begins = b == separator;
            }
        }
        return true;
    }

    /// Up to behind the quote that ends the field; two of them are one within it.
    private void passQuoted() throws IOException {
        while (at < end || fill()) {
            if (buffer[at++] == '"') {
                if (peek() != '"') {
                    return;
                }
                at++;
            }
        }
    }

    @Override
    public long offset() {
        return offset + at;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
