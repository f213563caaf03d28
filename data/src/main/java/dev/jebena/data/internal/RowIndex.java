package dev.jebena.data.internal;

import org.jspecify.annotations.Nullable;

/// The rows of one file, any of them at once. For several threads.
public interface RowIndex {
    long size();

    /// The values of a row, from 0 to `size` - 1.
    @Nullable Object[] row(long number);
}
