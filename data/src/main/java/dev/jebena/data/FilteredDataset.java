package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Some of the rows, by what is in them or by their numbers.
///
/// @param size the number of rows, where it is known
record FilteredDataset(Dataset data, Choice choice, OptionalLong size) implements Dataset {
    /// Which rows stay.
    interface Choice {
        boolean keeps(Row row, long number);
    }

    FilteredDataset(Dataset data, Predicate<Row> test) {
        this(data, (row, _) -> test.test(row), OptionalLong.empty());
    }

    static FilteredDataset shard(Dataset data, int count, int index) {
        if (count < 1 || index < 0 || index >= count) {
            throw Problem.badRequest(
                    "shard %d of %d: expected 0 to %d".formatted(index, count, count - 1));
        }
        OptionalLong all = data.size();
        OptionalLong size =
                all.isPresent()
                        ? OptionalLong.of((all.getAsLong() - index + count - 1) / count)
                        : all;
        return new FilteredDataset(data, (_, number) -> number % count == index, size);
    }

    @Override
    public Features features() {
        return data.features();
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        DatasetState inner = state == null ? null : state.expect("filter").inner("of");
        return new Rows(data.open(inner), state == null ? 0 : state.number("row"));
    }

    private final class Rows extends WrappedCursor {
        private long number;

        Rows(RowCursor inner, long number) {
            super(inner);
            this.number = number;
        }

        @Override
        public @Nullable Row next() {
            Row row = inner.next();
            while (row != null && !choice.keeps(row, number++)) {
                row = inner.next();
            }
            return row;
        }

        @Override
        public DatasetState state() {
            return DatasetState.of("filter", "row", number, "of", inner.state());
        }
    }

    /// Where numbers of rows decide, the files keep their order: another one would choose others.
    @Override
    public Dataset withFilesShuffled(long seed) {
        return size.isPresent()
                ? this
                : new FilteredDataset(data.withFilesShuffled(seed), choice, size);
    }
}
