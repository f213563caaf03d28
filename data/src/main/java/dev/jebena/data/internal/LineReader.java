package dev.jebena.data.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Lines of UTF-8 with the place of each: `\n` or `\r\n` ends them.
final class LineReader implements Closeable {
    private final InputStream in;
    private final String file;
    private final int maxLine;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private byte[] line = new byte[256];
    private int length;
    private long offset;
    private long number;

    /// @param offset where the stream begins in its file
    /// @param number the lines before it
    LineReader(InputStream in, String file, int maxLine, long offset, long number)
            throws IOException {
        this.in = in;
        this.file = file;
        this.maxLine = maxLine;
        this.offset = offset;
        this.number = number;
        if (offset == 0) {
            fill();
            boolean mark = end >= 3 && buffer[0] == -17 && buffer[1] == -69 && buffer[2] == -65;
            at = mark ? 3 : 0;
            this.offset = at;
        }
    }

    /// Finds lines.
    ///
    /// @param blank whether blank lines are rows
    static RowFinder finder(LineReader lines, boolean blank) {
        return new RowFinder() {
            @Override
            public long skip(long count) throws IOException {
                long skipped = 0;
                while (skipped < count && lines.advance()) {
                    skipped += blank || !lines.isBlank() ? 1 : 0;
                }
                return skipped;
            }

            @Override
            public long offset() {
                return lines.offset();
            }

            @Override
            public void close() throws IOException {
                lines.close();
            }
        };
    }

    /// Where the next line begins.
    long offset() {
        return offset;
    }

    /// The number of the line that was read last, from 1.
    long number() {
        return number;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    /// Moves to the next line; false at the end.
    boolean advance() throws IOException {
        length = 0;
        if (at == end && !fill()) {
            return false;
        }
        number++;
        boolean ended = false;
        while (!ended && (at < end || fill())) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            append(from, at - from);
            ended = at < end;
            at += ended ? 1 : 0;
            offset += at - from;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return true;
    }

    private void append(int from, int count) {
        if (length + count > maxLine) {
            throw Damage.tooLarge(file, place(), "the line is longer than allowed", maxLine);
        }
        if (length + count > line.length) {
            line =
                    Arrays.copyOf(
                            line,
                            Math.max(length + count, (int) Math.min(maxLine, 2L * line.length)));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }

    String file() {
        return file;
    }

    String place() {
        return "line " + number;
    }

    /// The line without its end.
    String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Damage.because(file, place(), Utf8.firstBad(line, length), Utf8.REMEDY, e);
        }
    }

    /// The line's bytes, valid until the next one is read.
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /// The next line's text; null at the end.
    @Nullable String next() throws IOException {
        return advance() ? text() : null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
