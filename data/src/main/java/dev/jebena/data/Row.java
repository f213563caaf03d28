package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.data.internal.Values;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One row: a value for each column. [FeatureType] says which Java class a type's values have.
/// Immutable, as long as nobody writes into arrays it hands out.
public final class Row {
    private final Features features;
    private final @Nullable Object[] values;

    private Row(Features features, @Nullable Object[] values) {
        if (values.length != features.size()) {
            throw new IllegalArgumentException(
                    "%d values for %d columns".formatted(values.length, features.size()));
        }
        this.features = features;
        this.values = values;
    }

    /// Takes the array, which nobody may change afterwards.
    public static Row of(Features features, @Nullable Object... values) {
        return new Row(features, values);
    }

    /// A row of the map's values, with the narrowest types that hold them.
    public static Row of(Map<String, ? extends @Nullable Object> values) {
        Features features = ((FeatureType.Struct) FeatureType.of(values)).fields();
        return new Row(features, values.values().toArray());
    }

    public Features features() {
        return features;
    }

    /// The column's value; null where it is missing.
    ///
    /// @throws Problem when there is no such column
    public @Nullable Object get(String name) {
        return values[features.require(name)];
    }

    public @Nullable Object get(int column) {
        return values[column];
    }

    /// A text; other values as they print.
    ///
    /// @throws Problem for a missing value, as of all methods below
    public String text(String name) {
        return present(name).toString();
    }

    /// A whole number.
    public long integer(String name) {
        return present(name, Long.class, "a whole number");
    }

    /// A number.
    public double number(String name) {
        return present(name, Number.class, "a number").doubleValue();
    }

    public boolean bool(String name) {
        return present(name, Boolean.class, "true or false");
    }

    /// Bytes, also those of a picture or a sound.
    public byte[] bytes(String name) {
        boolean media =
                present(name) instanceof Map<?, ?> map && map.get("bytes") instanceof byte[];
        return media
                ? (byte[]) Objects.requireNonNull(present(name, Map.class, "").get("bytes"))
                : present(name, byte[].class, "bytes");
    }

    public List<?> list(String name) {
        return present(name, List.class, "a list");
    }

    /// The name of a class label.
    public String label(String name) {
        long number = integer(name);
        if (features.type(name) instanceof FeatureType.ClassLabel label
                && number >= 0
                && number < label.names().size()) {
            return label.names().get((int) number);
        }
        throw Problem.badRequest(
                "column '%s' is %s, and %d has no name"
                        .formatted(name, features.type(name), number));
    }

    private <T> T present(String name, Class<T> type, String wanted) {
        Object value = present(name);
        if (!type.isInstance(value)) {
            throw Problem.badRequest(
                    "column '%s' is %s, not %s".formatted(name, features.type(name), wanted));
        }
        return type.cast(value);
    }

    private Object present(String name) {
        Object value = get(name);
        if (value == null) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "column '" + name + "' has no value in this row",
                    "ask with get, which gives null, or filter such rows out");
        }
        return value;
    }

    /// With this value: in its column, or in a new one behind the others. A value of another type
    /// changes the column's.
    public Row with(String name, @Nullable Object value) {
        Object plain = Values.plain(value);
        FeatureType type = FeatureType.of(plain);
        int at = features.indexOf(name);
        if (at >= 0) {
            boolean fits = plain == null || type.equals(features.type(at));
            @Nullable Object[] changed = values.clone();
            changed[at] = plain;
            return new Row(fits ? features : features.with(name, type), changed);
        }
        @Nullable Object[] longer = Arrays.copyOf(values, values.length + 1);
        longer[values.length] = plain;
        return new Row(features.with(name, type), longer);
    }

    /// Only these columns.
    public Row select(String... names) {
        Features fewer = features.select(List.of(names));
        @Nullable Object[] some = new Object[names.length];
        for (int i = 0; i < names.length; i++) {
            some[i] = get(names[i]);
        }
        return new Row(fewer, some);
    }

    /// The values, which nobody may change.
    @Nullable Object[] values() {
        return values;
    }

    /// Name to value, in the columns' order.
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            map.put(features.name(i), values[i]);
        }
        return map;
    }

    /// Equal names, types and values; arrays by their content.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Row that
                && features.equals(that.features)
                && Values.equal(Arrays.asList(values), Arrays.asList(that.values));
    }

    @Override
    public int hashCode() {
        return features.names().hashCode();
    }

    @Override
    public String toString() {
        return Values.json(toMap());
    }
}
