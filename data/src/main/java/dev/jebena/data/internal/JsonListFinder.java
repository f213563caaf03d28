package dev.jebena.data.internal;

import java.io.IOException;
import java.io.InputStream;

/// Finds the objects of a list in JSON, by brackets and quotes alone.
final class JsonListFinder implements RowFinder {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long offset;

    /// @param offset of the first byte of the stream in its file: behind the list's bracket or
    ///   behind one of its objects
    JsonListFinder(InputStream in, long offset) {
        this.in = in;
        this.offset = offset;
    }

    private boolean fill() throws IOException {
        offset += at;
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = 0;
        while (skipped < count && toObject()) {
            passObject();
            skipped++;
        }
        toObject();
        return skipped;
    }

    /// Moves to the bracket that begins the next object; false at the end of the list, and before
    /// what is no object, where reading will say so.
    private boolean toObject() throws IOException {
        while (at < end || fill()) {
            byte b = buffer[at];
            if (b != ',' && b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '{';
            }
            at++;
        }
        return false;
    }

    private void passObject() throws IOException {
        long depth = 0;
        while (at < end || fill()) {
            switch (buffer[at++]) {
                case '"' -> passText();
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) {
                        return;
                    }
                }
                default -> {}
            }
        }
    }

    private void passText() throws IOException {
        boolean escaped = false;
        while (at < end || fill()) {
            byte b = buffer[at++];
            if (b == '"' && !escaped) {
                return;
            }
            escaped = b == '\\' && !escaped;
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
