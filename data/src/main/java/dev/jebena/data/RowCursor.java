package dev.jebena.data;

import org.jspecify.annotations.Nullable;

/// One pass over a data set. Holds open files until it is closed; for one thread.
public interface RowCursor extends AutoCloseable {
    /// The next row; null behind the last.
    ///
    /// @throws dev.jebena.base.Problem for a damaged file: which, where in it, and what is there
    @Nullable Row next();

    /// Where the next row is: what [Dataset#open(DatasetState)] goes on from.
    DatasetState state();

    /// Passes over rows, faster than reading them where the format allows. Returns how many there
    /// were.
    default long skip(long count) {
        long skipped = 0;
        while (skipped < count && next() != null) {
            skipped++;
        }
        return skipped;
    }

    @Override
    void close();
}
