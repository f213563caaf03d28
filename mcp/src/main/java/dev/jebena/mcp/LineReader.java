package dev.jebena.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Messages of a stream, one a line, none longer than a limit.
final class LineReader {
    static final int LIMIT = 64 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;

    LineReader(InputStream in) {
        this.in = in;
    }

    /// The next line without its end; null at the end of the stream.
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (at == end) {
                at = 0;
                end = in.read(buffer);
                if (end < 0) {
                    end = 0;
                    return line.size() == 0 ? null : line.toByteArray();
                }
            }
            int start = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line.write(buffer, start, at - start);
            if (line.size() > LIMIT) {
                throw new IOException("a message is longer than " + LIMIT + " bytes");
            }
            if (at < end) {
                at++;
                return line.toByteArray();
            }
        }
    }

    static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }
}
