package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.data.internal.Values;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Rows as a function makes them.
record MappedDataset(Dataset data, UnaryOperator<Row> function, Features features)
        implements Dataset {
    /// The columns are those of the first row that the function makes.
    static MappedDataset of(Dataset data, UnaryOperator<Row> function) {
        try (RowCursor rows = data.open()) {
            Row first = rows.next();
            Features features = first == null ? data.features() : function.apply(first).features();
            return new MappedDataset(data, function, features);
        }
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        return new WrappedCursor(data.open(state)) {
            @Override
            public @Nullable Row next() {
                Row row = inner.next();
                return row == null ? null : apply(row);
            }

            @Override
            public long skip(long count) {
                return inner.skip(count);
            }
        };
    }

    private Row apply(Row row) {
        Row made = function.apply(row);
        if (made.features().equals(features)) {
            return made;
        }
        for (String name : made.features().names()) {
            if (features.indexOf(name) < 0) {
                throw new Problem(
                        Problem.Code.BAD_REQUEST,
                        "map: a row has the column '%s', which the first row did not have"
                                .formatted(name),
                        "give the columns: map(function, features)");
            }
        }
        @Nullable Object[] values = new Object[features.size()];
        for (int i = 0; i < values.length; i++) {
            int at = made.features().indexOf(features.name(i));
            try {
                values[i] = at < 0 ? null : Values.as(made.get(at), features.type(i));
            } catch (IllegalArgumentException e) {
                throw new Problem(
                        Problem.Code.BAD_REQUEST,
                        "map: column '%s' of a row has %s"
                                .formatted(features.name(i), e.getMessage()),
                        "give the columns: map(function, features)",
                        e);
            }
        }
        return Row.of(features, values);
    }

    @Override
    public OptionalLong size() {
        return data.size();
    }

    @Override
    public boolean isIndexed() {
        return data.isIndexed();
    }

    @Override
    public Row row(long number) {
        return apply(data.row(number));
    }

    @Override
    public Dataset withFilesShuffled(long seed) {
        return new MappedDataset(data.withFilesShuffled(seed), function, features);
    }
}
