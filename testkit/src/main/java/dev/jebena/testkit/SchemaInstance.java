package dev.jebena.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The smallest value that is valid under a simple JSON schema.
final class SchemaInstance {
    private final Map<?, ?> root;

    private SchemaInstance(Map<?, ?> root) {
        this.root = root;
    }

    static @Nullable Object of(Map<?, ?> schema) {
        return new SchemaInstance(schema).value(schema);
    }

    private @Nullable Object value(@Nullable Object schema) {
        if (!(schema instanceof Map<?, ?> map)) {
            return null;
        }
        if (map.containsKey("const")) {
            return map.get("const");
        }
        if (map.get("enum") instanceof List<?> values) {
            return values.getFirst();
        }
        if (map.get("$ref") instanceof String ref) {
            Object target = root;
            for (String part : ref.replaceFirst("^#/", "").split("/")) {
                target = target instanceof Map<?, ?> inner ? inner.get(part) : null;
            }
            return value(target);
        }
        if (map.get("anyOf") instanceof List<?> options) {
            return value(options.getFirst());
        }
        return switch (String.valueOf(map.get("type"))) {
            case "object" -> object(map);
            case "array" -> new ArrayList<>();
            case "integer" -> 7L;
            case "number" -> 0.5;
            case "boolean" -> true;
            default -> "text";
        };
    }

    private Map<String, @Nullable Object> object(Map<?, ?> schema) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, inner) -> values.put(String.valueOf(name), value(inner)));
        }
        return values;
    }
}
