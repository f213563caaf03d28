package dev.jebena.data.internal;

import java.io.Closeable;
import java.io.IOException;

/// Passes over the rows of one file without reading their values, and tells where they begin.
public interface RowFinder extends Closeable {
    /// Passes over so many rows; returns how many there were.
    long skip(long count) throws IOException;

    /// The byte where the next row begins, for [FormatReader#openAt].
    long offset();
}
