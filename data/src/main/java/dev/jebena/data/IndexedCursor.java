package dev.jebena.data;

import org.jspecify.annotations.Nullable;

/// A pass over rows that can be had by their numbers.
final class IndexedCursor implements RowCursor {
    private final Dataset data;
    private final long size;
    private long at;

    IndexedCursor(Dataset data, @Nullable DatasetState state) {
        this.data = data;
        this.size = data.count();
        this.at = state == null ? 0 : state.expect("rows").number("row");
    }

    @Override
    public @Nullable Row next() {
        return at < size ? data.row(at++) : null;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.min(count, size - at);
        at += skipped;
        return skipped;
    }

    @Override
    public DatasetState state() {
        return DatasetState.of("rows", "row", at);
    }

    @Override
    public void close() {}
}
