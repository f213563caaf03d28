package dev.jebena.data;

import dev.jebena.data.internal.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Rows in memory.
record MemoryDataset(Features features, List<Row> rows) implements Dataset {
    MemoryDataset {
        rows = List.copyOf(rows);
    }

    static MemoryDataset of(List<Map<String, ? extends @Nullable Object>> maps) {
        Features features = Features.none();
        List<Map<String, @Nullable Object>> plain = new ArrayList<>();
        for (Map<String, ? extends @Nullable Object> map : maps) {
            @SuppressWarnings("unchecked")
            Map<String, @Nullable Object> row = (Map<String, @Nullable Object>) Values.plain(map);
            plain.add(row);
            Features own = ((FeatureType.Struct) FeatureType.of(row)).fields();
            Features both = Widening.of(features, own);
            if (both == null) {
                throw new IllegalArgumentException(
                        "columns of two types: %s and %s".formatted(features, own));
            }
            features = both;
        }
        List<Row> rows = new ArrayList<>();
        for (Map<String, @Nullable Object> map : plain) {
            @Nullable Object[] values = new Object[features.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Values.as(map.get(features.name(i)), features.type(i));
            }
            rows.add(Row.of(features, values));
        }
        return new MemoryDataset(features, rows);
    }

    @Override
    public RowCursor open(@Nullable DatasetState state) {
        return new IndexedCursor(this, state);
    }

    @Override
    public OptionalLong size() {
        return OptionalLong.of(rows.size());
    }

    @Override
    public boolean isIndexed() {
        return true;
    }

    @Override
    public Row row(long number) {
        return rows.get(Math.toIntExact(number));
    }
}
