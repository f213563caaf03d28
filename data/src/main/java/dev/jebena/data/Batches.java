package dev.jebena.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A pass over a data set in batches. Closes itself behind the last one.
public final class Batches implements Iterator<Batch>, AutoCloseable {
    private final Features features;
    private final RowCursor cursor;
    private final int size;
    private DatasetState state;
    private @Nullable Batch next;
    private boolean ended;

    Batches(Features features, RowCursor cursor, int size) {
        if (size < 1) {
            cursor.close();
            throw new IllegalArgumentException("batch size is " + size + "; expected 1 or more");
        }
        this.features = features;
        this.cursor = cursor;
        this.size = size;
        this.state = cursor.state();
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            state = cursor.state();
            List<Row> rows = new ArrayList<>(Math.min(size, 1 << 16));
            Row row = cursor.next();
            while (row != null) {
                rows.add(row);
                row = rows.size() < size ? cursor.next() : null;
            }
            if (rows.isEmpty()) {
                close();
            } else {
                next = new Batch(features, rows);
            }
        }
        return next != null;
    }

    @Override
    public Batch next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Batch batch = next;
        next = null;
        return batch;
    }

    /// Where the batch that [#next] gives next begins.
    public DatasetState state() {
        return next == null && !ended ? cursor.state() : state;
    }

    @Override
    public void close() {
        ended = true;
        cursor.close();
    }
}
