package dev.jebena.llm.internal.constraint;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes one schema of two that must both hold (`allOf`, and what stands beside `$ref` or `anyOf`).
final class SchemaMerge {
    private final Map<String, @Nullable Object> first;
    private final Map<String, @Nullable Object> second;
    private final String pointer;
    private final Map<String, @Nullable Object> result;

    private SchemaMerge(
            Map<String, @Nullable Object> first,
            Map<String, @Nullable Object> second,
            String pointer) {
        this.first = first;
        this.second = second;
        this.pointer = pointer;
        this.result = new LinkedHashMap<>(first);
    }

    static Map<String, @Nullable Object> merge(
            Map<String, @Nullable Object> first,
            Map<String, @Nullable Object> second,
            String pointer) {
        SchemaMerge merge = new SchemaMerge(first, second, pointer);
        merge.properties();
        for (Map.Entry<String, @Nullable Object> entry : second.entrySet()) {
            if (!entry.getKey().equals("properties")) {
                merge.keyword(entry.getKey(), entry.getValue());
            }
        }
        return merge.result;
    }

    static Map<String, @Nullable Object> both(@Nullable Object first, @Nullable Object second) {
        List<@Nullable Object> parts = new ArrayList<>();
        parts.add(first);
        parts.add(second);
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("allOf", parts);
        return schema;
    }

    private void keyword(String keyword, @Nullable Object value) {
        if (keyword.equals("const") && (first.containsKey("const") || first.containsKey("enum"))) {
            List<@Nullable Object> only = new ArrayList<>();
            only.add(value);
            result.put("enum", common(only));
            result.remove("const");
            return;
        }
        if (keyword.equals("enum") && first.containsKey("const")) {
            result.put("enum", common(SchemaKeywords.list(second, "enum", pointer)));
            result.remove("const");
            return;
        }
        if (!first.containsKey(keyword)) {
            result.put(keyword, value);
            return;
        }
        Object before = first.get(keyword);
        switch (keyword) {
            case "type" -> result.put("type", commonTypes(before, value));
            case "enum" -> result.put("enum", common(SchemaKeywords.list(second, "enum", pointer)));
            case "required" -> {
                Set<String> names =
                        new LinkedHashSet<>(SchemaKeywords.names(first, "required", pointer));
                names.addAll(SchemaKeywords.names(second, "required", pointer));
                result.put("required", new ArrayList<>(names));
            }
            case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties" ->
                    tighter(keyword, true);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties" ->
                    tighter(keyword, false);
            case "additionalProperties", "items", "propertyNames", "unevaluatedProperties" ->
                    result.put(keyword, both(before, value));
            case "anyOf", "oneOf" -> {
                List<@Nullable Object> rest =
                        new ArrayList<>(SchemaKeywords.list(result, "allOf", pointer));
                Map<String, @Nullable Object> alternatives = new LinkedHashMap<>();
                alternatives.put(keyword, value);
                rest.add(alternatives);
                result.put("allOf", rest);
            }
            case "pattern", "format", "multipleOf", "prefixItems", "uniqueItems" -> {
                if (before == null || !before.equals(value)) {
                    throw SchemaKeywords.unsupported(
                            pointer, keyword, " twice with different values in an allOf");
                }
            }
            default -> {}
        }
    }

    private void tighter(String keyword, boolean larger) {
        BigDecimal a = SchemaKeywords.number(first, keyword, pointer);
        BigDecimal b = SchemaKeywords.number(second, keyword, pointer);
        if (a != null && b != null) {
            result.put(keyword, larger ? a.max(b) : a.min(b));
        }
    }

    private List<@Nullable Object> common(List<@Nullable Object> others) {
        List<@Nullable Object> mine = new ArrayList<>(SchemaKeywords.list(first, "enum", pointer));
        if (first.containsKey("const")) {
            mine.add(first.get("const"));
        }
        Set<String> texts = new LinkedHashSet<>();
        others.forEach(value -> texts.add(dev.jebena.json.Json.write(value)));
        mine.removeIf(value -> !texts.contains(dev.jebena.json.Json.write(value)));
        return mine;
    }

    private static List<@Nullable Object> commonTypes(@Nullable Object a, @Nullable Object b) {
        List<?> mine = a instanceof List<?> list ? list : List.of(String.valueOf(a));
        List<?> others = b instanceof List<?> list ? list : List.of(String.valueOf(b));
        List<@Nullable Object> common = new ArrayList<>();
        for (Object type : mine) {
            if (others.contains(type) || ("integer".equals(type) && others.contains("number"))) {
                common.add(type);
            } else if ("number".equals(type) && others.contains("integer")) {
                common.add("integer");
            }
        }
        return common;
    }

    private void properties() {
        if (!first.containsKey("properties") && !second.containsKey("properties")) {
            return;
        }
        Map<String, @Nullable Object> mine = properties(first);
        Map<String, @Nullable Object> others = properties(second);
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        mine.forEach((name, schema) ->
                all.put(
                        name,
                        others.containsKey(name)
                                ? both(schema, others.get(name))
                                : beside(schema, second)));
        others.forEach((name, schema) -> {
            if (!mine.containsKey(name)) {
                all.put(name, beside(schema, first));
            }
        });
        result.put("properties", all);
    }

    private Map<String, @Nullable Object> properties(Map<String, @Nullable Object> schema) {
        return schema.containsKey("properties")
                ? SchemaKeywords.object(schema.get("properties"), pointer + "/properties")
                : Map.of();
    }

    /// A property's schema where `other` does not name the property.
    private static @Nullable Object beside(
            @Nullable Object schema, Map<String, @Nullable Object> other) {
        return other.containsKey("additionalProperties")
                ? both(schema, other.get("additionalProperties"))
                : schema;
    }
}
