package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The rows of several data sets, one after the other.
record ConcatenatedDataset(List<Dataset> parts) implements Dataset {
    ConcatenatedDataset {
        sameColumns(parts);
    }

    /// Refuses parts whose columns differ, and no parts.
    static void sameColumns(List<Dataset> parts) {
        if (parts.isEmpty()) {
            throw Problem.badRequest("no data sets to put together");
        }
        Features first = parts.getFirst().features();
        for (int i = 1; i < parts.size(); i++) {
            if (!parts.get(i).features().equals(first)) {
                throw new Problem(
                        Problem.Code.BAD_REQUEST,
                        "data set %d has the columns [%s], the first has [%s]"
                                .formatted(i + 1, parts.get(i).features(), first),
                        "select, rename or map them first");
            }
        }
    }

    @Override
    public Features features() {
        return parts.getFirst().features();
    }

    @Override
    public OptionalLong size() {
        long all = 0;
        for (Dataset part : parts) {
            if (part.size().isEmpty()) {
                return OptionalLong.empty();
            }
            all += part.size().getAsLong();
        }
        return OptionalLong.of(all);
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        long part = state == null ? 0 : state.expect("concatenate").number("part");
        if (part >= parts.size() || part < 0) {
            throw DatasetState.mismatch("part %d of %d".formatted(part, parts.size()));
        }
        return new Rows(
                (int) part, parts.get((int) part).open(state == null ? null : state.inner("of")));
    }

    private final class Rows implements RowCursor {
        private int part;
        private RowCursor inner;

        Rows(int part, RowCursor inner) {
            this.part = part;
            this.inner = inner;
        }

        private boolean nextPart() {
            if (part + 1 >= parts.size()) {
                return false;
            }
            inner.close();
            inner = parts.get(++part).open();
            return true;
        }

        @Override
        public @Nullable Row next() {
            Row row = inner.next();
            while (row == null && nextPart()) {
                row = inner.next();
            }
            return row;
        }

        @Override
        public long skip(long count) {
            long skipped = inner.skip(count);
            while (skipped < count && nextPart()) {
                skipped += inner.skip(count - skipped);
            }
            return skipped;
        }

        @Override
        public DatasetState state() {
            return DatasetState.of("concatenate", "part", part, "of", inner.state());
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
