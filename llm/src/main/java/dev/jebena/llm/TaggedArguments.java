package dev.jebena.llm;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Arguments that stand between tags, each value by its schema: strings as they are, all else as
/// JSON. What is not required may be left out; the order is that of the schema.
public final class TaggedArguments {
    private static final int MAX_LENGTH = 2_000;

    private TaggedArguments() {}

    /// @param begin what stands before a value, with a place for the key
    /// @param end what stands after it
    /// @param mark what a text must not contain
    static Constraint of(Tool tool, String begin, String end, String mark) {
        return of(tool.parameters(), begin, end, mark);
    }

    /// The same for the object that a schema describes.
    public static Constraint of(
            Map<String, ? extends @Nullable Object> schema, String begin, String end, String mark) {
        List<Constraint> parts = new ArrayList<>();
        Set<?> required =
                schema.get("required") instanceof List<?> names ? Set.copyOf(names) : Set.of();
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((key, value) -> {
                Constraint one =
                        new Constraint.Sequence(
                                List.of(
                                        new Constraint.Text(
                                                begin.replace("%s", String.valueOf(key))),
                                        value(schema, value, mark),
                                        new Constraint.Text(end)));
                parts.add(required.contains(key) ? one : optional(one));
            });
        }
        return new Constraint.Sequence(parts);
    }

    /// `constraint` or nothing.
    static Constraint optional(Constraint constraint) {
        return new Constraint.Either(List.of(new Constraint.Sequence(List.of()), constraint));
    }

    private static Constraint value(Map<String, ?> root, @Nullable Object schema, String mark) {
        if (!(schema instanceof Map<?, ?> fields) || !"string".equals(fields.get("type"))) {
            return new Constraint.JsonSchema(alone(root, schema));
        }
        return text(fields, mark);
    }

    /// A text by the schema of a string.
    static Constraint text(Map<?, ?> fields, String mark) {
        if (fields.get("enum") instanceof List<?> values) {
            List<String> texts =
                    values.stream()
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .toList();
            return new Constraint.Choice(texts);
        }
        if (fields.get("const") instanceof String only) {
            return new Constraint.Choice(List.of(only));
        }
        if (fields.get("pattern") instanceof String pattern) {
            return new Constraint.Regex("[^<]*(?:" + pattern + ")[^<]*");
        }
        if (fields.containsKey("minLength") || fields.containsKey("maxLength")) {
            int least = length(fields.get("minLength"), 0);
            int most = length(fields.get("maxLength"), -1);
            return new Constraint.Regex(
                    "[^<]{%d,%s}".formatted(least, most < 0 ? "" : String.valueOf(most)));
        }
        return new Constraint.Free(List.of(mark));
    }

    private static int length(@Nullable Object value, int otherwise) {
        return value instanceof Number number
                ? Math.clamp(number.longValue(), 0, MAX_LENGTH)
                : otherwise;
    }

    /// A part of a schema that stands for itself, with what it may refer to.
    static Map<String, @Nullable Object> alone(Map<String, ?> root, @Nullable Object schema) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        if (schema instanceof Map<?, ?> fields) {
            fields.forEach((key, value) -> all.put(String.valueOf(key), value));
        } else if (Boolean.FALSE.equals(schema)) {
            all.put("not", Json.parse("{}"));
        }
        for (String key : List.of("$defs", "definitions")) {
            if (root.get(key) instanceof Map<?, ?> definitions) {
                all.putIfAbsent(key, definitions);
            }
        }
        return all;
    }
}
