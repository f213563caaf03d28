package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Rows of several data sets in turns.
record InterleavedDataset(List<Dataset> parts, Interleaving how) implements Dataset {
    InterleavedDataset {
        ConcatenatedDataset.sameColumns(parts);
        List<Double> chances = how.probabilities();
        double sum = chances.stream().mapToDouble(p -> p).sum();
        boolean valid = chances.size() == parts.size() && Math.abs(sum - 1) < 1e-6;
        if (!chances.isEmpty() && (!valid || chances.stream().anyMatch(p -> !(p >= 0)))) {
            throw Problem.badRequest(
                    "probabilities %s for %d data sets: expected one each, with the sum 1"
                            .formatted(chances, parts.size()));
        }
    }

    @Override
    public Features features() {
        return parts.getFirst().features();
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.empty();
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        List<RowCursor> cursors = new ArrayList<>();
        List<?> inner = state == null ? List.of() : state.expect("interleave").list("of");
        if (state != null && inner.size() != parts.size()) {
            throw DatasetState.mismatch("%d parts, not %d".formatted(inner.size(), parts.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
            cursors.add(parts.get(i).open(state == null ? null : DatasetState.wrap(inner.get(i))));
        }
        return new Rows(cursors, state);
    }

    private final class Rows implements RowCursor {
        private final List<RowCursor> cursors;
        private final boolean[] ended = new boolean[parts.size()];
        private long draw;
        private boolean done;

        Rows(List<RowCursor> cursors, @Nullable DatasetState state) {
            this.cursors = cursors;
            this.draw = state == null ? 0 : state.number("draw");
            this.done = state != null && state.number("done") == 1;
            if (state != null) {
                state.list("ended")
                        .forEach(
                                i -> ended[((Number) Objects.requireNonNull(i)).intValue()] = true);
            }
        }

        private int choose() {
            if (how.probabilities().isEmpty()) {
                return (int) (draw++ % parts.size());
            }
            double drawn = Draws.fraction(how.seed(), draw++);
            for (int i = 0; i < parts.size() - 1; i++) {
                drawn -= how.probabilities().get(i);
                if (drawn < 0) {
                    return i;
                }
            }
            return parts.size() - 1;
        }

        @Override
        public @Nullable Row next() {
            if (done) {
                return null;
            }
            int part = choose();
            Row row = cursors.get(part).next();
            if (row != null) {
                return row;
            }
            ended[part] = true;
            if (how.untilAllEnd() && !allEnded()) {
                cursors.get(part).close();
                cursors.set(part, parts.get(part).open());
                row = cursors.get(part).next();
            }
            done = row == null;
            return row;
        }

        private boolean allEnded() {
            for (boolean one : ended) {
                if (!one) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public DatasetState state() {
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < ended.length; i++) {
                if (ended[i]) {
                    ends.add(i);
                }
            }
            return DatasetState.of(
                    "interleave",
                    "draw",
                    draw,
                    "done",
                    done ? 1 : 0,
                    "ended",
                    ends,
                    "of",
                    cursors.stream().map(c -> c.state().values()).toList());
        }

        @Override
        public void close() {
            cursors.forEach(RowCursor::close);
        }
    }
}
