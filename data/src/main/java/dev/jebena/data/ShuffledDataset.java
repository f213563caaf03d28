package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Blocks of rows, each in an order of its own. A pass is gone on with by reading its block again,
/// so its state stays small and no row is lost or seen twice.
final class ShuffledDataset implements Dataset {
    private final Dataset data;
    private final long seed;
    private final int buffer;

    ShuffledDataset(Dataset data, long seed, int buffer) {
        if (buffer < 1) {
            throw Problem.badRequest("shuffle: buffer is " + buffer + "; expected 1 or more");
        }
        this.data = data.withFilesShuffled(seed);
        this.seed = seed;
        this.buffer = buffer;
    }

    @Override
    public Features features() {
        return data.features();
    }

    @Override
    public OptionalLong size() {
        return data.size();
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        if (state == null) {
            return new Rows(data.open(), 0, 0);
        }
        DatasetState shuffle = state.expect("shuffle");
        return new Rows(
                data.open(shuffle.inner("of")), shuffle.number("block"), shuffle.number("at"));
    }

    private final class Rows extends WrappedCursor {
        private final List<Row> rows = new ArrayList<>();
        private int[] order = new int[0];
        private DatasetState begin;
        private long block;
        private long at;

        Rows(RowCursor inner, long block, long at) {
            super(inner);
            this.block = block;
            this.begin = inner.state();
            fill();
            this.at = at;
        }

        private void fill() {
            begin = inner.state();
            rows.clear();
            at = 0;
            Row row = inner.next();
            while (row != null) {
                rows.add(row);
                row = rows.size() < buffer ? inner.next() : null;
            }
            order = Draws.order(rows.size(), Draws.bits(seed, block));
        }

        @Override
        public @Nullable Row next() {
            if (at >= rows.size() && !rows.isEmpty()) {
                block++;
                fill();
            }
            return at < rows.size() ? rows.get(order[(int) at++]) : null;
        }

        @Override
        public DatasetState state() {
            return DatasetState.of("shuffle", "block", block, "at", at, "of", begin);
        }
    }
}
