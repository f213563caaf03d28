package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The columns of a data set: names and types, in order. Immutable.
public final class Features {
    /// More than any table has; a file that says more is damaged.
    static final int MAX_COLUMNS = 100_000;

    private final List<String> names;
    private final List<FeatureType> types;
    private final Map<String, Integer> places = new HashMap<>();

    private Features(List<String> names, List<FeatureType> types) {
        this.names = List.copyOf(names);
        this.types = List.copyOf(types);
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
        }
        if (places.size() != names.size() || names.size() != types.size()) {
            throw Problem.badRequest("columns must have different names: " + names);
        }
        if (names.size() > MAX_COLUMNS) {
            throw Problem.badRequest(
                    "%,d columns; at most %,d".formatted(names.size(), MAX_COLUMNS));
        }
    }

    public static Features of(List<String> names, List<FeatureType> types) {
        return new Features(names, types);
    }

    public static Features of(String name, FeatureType type) {
        return new Features(List.of(name), List.of(type));
    }

    public static Features none() {
        return new Features(List.of(), List.of());
    }

    public int size() {
        return names.size();
    }

    public List<String> names() {
        return names;
    }

    public List<FeatureType> types() {
        return types;
    }

    public String name(int column) {
        return names.get(column);
    }

    public FeatureType type(int column) {
        return types.get(column);
    }

    /// Where the column stands; -1 when there is none.
    public int indexOf(String name) {
        Integer place = places.get(name);
        return place == null ? -1 : place;
    }

    /// Where the column stands.
    ///
    /// @throws Problem when there is none, with the name that may have been meant
    public int require(String name) {
        int place = indexOf(name);
        if (place < 0) {
            String near = Suggestions.nearest(name, names);
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "there is no column '" + name + "'" + did(near),
                    "columns: " + String.join(", ", names.subList(0, Math.min(50, size()))));
        }
        return place;
    }

    private static String did(@Nullable String near) {
        return near == null ? "" : "; did you mean '" + near + "'?";
    }

    /// The type of the column.
    public FeatureType type(String name) {
        return types.get(require(name));
    }

    /// With this column: at its place where there is one of that name, else behind the others.
    public Features with(String name, FeatureType type) {
        List<String> newNames = new ArrayList<>(names);
        List<FeatureType> newTypes = new ArrayList<>(types);
        int at = indexOf(name);
        if (at >= 0) {
            newTypes.set(at, type);
        } else {
            newNames.add(name);
            newTypes.add(type);
        }
        return new Features(newNames, newTypes);
    }

    /// Only these columns, in the order given.
    public Features select(List<String> wanted) {
        return new Features(wanted, wanted.stream().map(this::type).toList());
    }

    /// With other names; columns that the map does not name keep theirs.
    public Features rename(Map<String, String> newNames) {
        newNames.keySet().forEach(this::require);
        return new Features(names.stream().map(n -> newNames.getOrDefault(n, n)).toList(), types);
    }

    /// As Hugging Face's `dataset_info.json` has it: name to type.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        for (int i = 0; i < size(); i++) {
            json.put(name(i), type(i).json());
        }
        return json;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Features that
                && names.equals(that.names)
                && types.equals(that.types);
    }

    @Override
    public int hashCode() {
        return Objects.hash(names, types);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size(); i++) {
            text.append(i == 0 ? "" : ", ").append(name(i)).append(": ").append(type(i));
        }
        return text.toString();
    }
}
