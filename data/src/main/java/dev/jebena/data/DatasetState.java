package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Where a pass over a data set stands: small, a value, kept as JSON. Given to the same pipeline
/// over the same files, it goes on with the very next row.
///
/// @param values numbers, texts, lists and maps of them
public record DatasetState(Map<String, Object> values) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public DatasetState {
        values = Map.copyOf(values);
    }

    /// @param step the name of the pipeline's step whose state it is
    static DatasetState of(String step, Object... keysAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("step", step);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            Object value = keysAndValues[i + 1];
            values.put(
                    (String) keysAndValues[i], value instanceof DatasetState s ? s.values : value);
        }
        return new DatasetState(values);
    }

    /// Reads what [#toString] wrote.
    public static DatasetState parse(String json) {
        try {
            return new DatasetState(JSON.readValue(json, new TypeReference<>() {}));
        } catch (JacksonException | NullPointerException e) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "not the state of a pass over a data set: " + e.getMessage(),
                    null,
                    e);
        }
    }

    @Override
    public String toString() {
        return JSON.writeValueAsString(values);
    }

    /// Refuses the state of another pipeline.
    DatasetState expect(String step) {
        if (!step.equals(values.get("step"))) {
            throw mismatch("it belongs to '%s', not '%s'".formatted(values.get("step"), step));
        }
        return this;
    }

    long number(String key) {
        Object value = values.get(key);
        if (value instanceof Number number && number.longValue() >= -1) {
            return number.longValue();
        }
        throw mismatch("its '%s' is %s".formatted(key, value));
    }

    List<?> list(String key) {
        return values.get(key) instanceof List<?> list ? list : List.of();
    }

    @Nullable DatasetState inner(String key) {
        return wrap(values.get(key));
    }

    /// A state inside another.
    static @Nullable DatasetState wrap(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((k, v) -> values.put(String.valueOf(k), v));
        return new DatasetState(values);
    }

    static Problem mismatch(String why) {
        return new Problem(
                Problem.Code.BAD_REQUEST,
                "the state does not fit this data set: " + why,
                "go on with the same files and the same steps, or start from the beginning");
    }
}
