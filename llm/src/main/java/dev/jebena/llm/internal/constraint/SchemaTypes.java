package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The types that a schema allows.
final class SchemaTypes {
    private static final List<String> ALL =
            List.of("object", "array", "string", "number", "boolean", "null");
    private static final Map<String, Set<String>> HINTS =
            Map.of(
                    "object",
                    Set.of(
                            "properties",
                            "required",
                            "additionalProperties",
                            "propertyNames",
                            "minProperties",
                            "maxProperties"),
                    "array",
                    Set.of("items", "prefixItems", "minItems", "maxItems"),
                    "string",
                    Set.of("pattern", "minLength", "maxLength", "format"),
                    "number",
                    Set.of(
                            "minimum",
                            "maximum",
                            "exclusiveMinimum",
                            "exclusiveMaximum",
                            "multipleOf"));

    private SchemaTypes() {}

    /// What `type` says. Without it the type that the other keywords are about (JSON Schema would
    /// allow all the others too, which nobody means), or all.
    static List<String> of(Map<String, @Nullable Object> schema) {
        Object type = schema.get("type");
        if (type instanceof List<?> list) {
            List<String> types = new ArrayList<>();
            list.forEach(item -> types.add(String.valueOf(item)));
            return types;
        }
        if (type != null) {
            return List.of(type.toString());
        }
        for (String hinted : ALL) {
            if (HINTS.getOrDefault(hinted, Set.of()).stream().anyMatch(schema::containsKey)) {
                return List.of(hinted);
            }
        }
        return ALL;
    }

    /// Whether `value` is of one of the types.
    static boolean contain(List<String> types, @Nullable Object value) {
        String kind = dev.jebena.json.Json.kind(value);
        if (types.contains(kind)) {
            return true;
        }
        return types.contains("integer")
                && value instanceof Number
                && new java.math.BigDecimal(value.toString()).stripTrailingZeros().scale() <= 0;
    }
}
