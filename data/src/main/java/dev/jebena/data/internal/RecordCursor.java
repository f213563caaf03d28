package dev.jebena.data.internal;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The rows of one file, from front to back.
public interface RecordCursor extends Closeable {
    /// The values of the next row, in the order of the features; null behind the last.
    @Nullable Object @Nullable [] next() throws IOException;

    /// Passes over so many rows; returns how many there were.
    default long skip(long count) throws IOException {
        long skipped = 0;
        while (skipped < count && next() != null) {
            skipped++;
        }
        return skipped;
    }

    /// The byte where the next row begins, if [FormatReader#openAt] can begin there; else -1.
    default long offset() {
        return -1;
    }

    @Override
    default void close() throws IOException {}
}
