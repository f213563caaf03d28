package dev.jebena.repositories;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Lines of a body, one in memory at a time.
final class JsonLinesReader implements AutoCloseable {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final int longest;
    private int from;
    private int to;

    JsonLinesReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /// The next line that is not empty; null at the end. Throws status 413 for one that is too
    /// long.
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (from == to) {
                to = in.read(buffer);
                from = 0;
                if (to < 0) {
                    to = 0;
                    return line.size() == 0 ? null : line.toByteArray();
                }
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, from, end - from);
            if (line.size() > longest) {
                throw HubError.tooLarge(
                        "A line of the commit has more than "
                                + longest
                                + " bytes; upload the file as a large one");
            }
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended && line.size() > 1) {
                return line.toByteArray();
            }
            if (ended) {
                // Nothing but what may end a line on Windows.
                line.reset();
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
