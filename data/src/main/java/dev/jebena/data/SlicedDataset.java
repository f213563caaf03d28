package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A run of the rows.
record SlicedDataset(Dataset data, long from, long length) implements Dataset {
    SlicedDataset {
        if (from < 0 || length < 0) {
            throw Problem.badRequest(
                    "a number of rows is %d; expected 0 or more".formatted(Math.min(from, length)));
        }
    }

    @Override
    public Features features() {
        return data.features();
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        if (state != null) {
            DatasetState slice = state.expect("slice");
            return new Rows(data.open(slice.inner("of")), slice.number("left"));
        }
        RowCursor rows = data.open();
        rows.skip(from);
        return new Rows(rows, length);
    }

    private static final class Rows extends WrappedCursor {
        private long left;

        Rows(RowCursor inner, long left) {
            super(inner);
            this.left = left;
        }

        @Override
        public @Nullable Row next() {
            if (left <= 0) {
                return null;
            }
            left--;
            return inner.next();
        }

        @Override
        public long skip(long count) {
            long skipped = inner.skip(Math.min(count, left));
            left -= skipped;
            return skipped;
        }

        @Override
        public DatasetState state() {
            return DatasetState.of("slice", "left", left, "of", inner.state());
        }
    }

    @Override
    public OptionalLong size() {
        OptionalLong all = data.size();
        return all.isPresent()
                ? OptionalLong.of(Math.clamp(all.getAsLong() - from, 0, length))
                : all;
    }

    @Override
    public boolean isIndexed() {
        return data.isIndexed();
    }

    @Override
    public Row row(long number) {
        if (number < 0 || number >= length) {
            throw Problem.badRequest("there is no row %,d of %,d".formatted(number, count()));
        }
        return data.row(Math.addExact(from, number));
    }
}
