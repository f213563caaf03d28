package dev.jebena.llm.internal.constraint;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether no value can satisfy two schemas at once, as far as types, constants and required
/// properties tell. `oneOf` can be followed only where its branches exclude each other.
final class Disjointness {
    private static final int MAX_DEPTH = 4;

    private final SchemaReferences references;

    Disjointness(SchemaReferences references) {
        this.references = references;
    }

    boolean disjoint(@Nullable Object first, @Nullable Object second, String pointer) {
        return disjoint(first, second, pointer, 0);
    }

    private boolean disjoint(
            @Nullable Object first, @Nullable Object second, String pointer, int depth) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        Map<String, @Nullable Object> a = references.resolved(first, pointer);
        Map<String, @Nullable Object> b = references.resolved(second, pointer);
        for (String choice : List.of("anyOf", "oneOf")) {
            if (b.containsKey(choice) && !a.containsKey(choice)) {
                return disjoint(b, a, pointer, depth + 1);
            }
            if (a.containsKey(choice)) {
                return SchemaKeywords.list(a, choice, pointer).stream()
                        .allMatch(branch -> disjoint(branch, b, pointer, depth + 1));
            }
        }
        Set<String> types = types(a);
        types.retainAll(types(b));
        if (types.isEmpty() || (constants(a) != null && constants(b) != null && apart(a, b))) {
            return true;
        }
        return types.equals(Set.of("object")) && tagged(a, b, pointer, depth);
    }

    private boolean tagged(
            Map<String, @Nullable Object> a,
            Map<String, @Nullable Object> b,
            String pointer,
            int depth) {
        if (!(a.get("properties") instanceof Map<?, ?> mine)
                || !(b.get("properties") instanceof Map<?, ?> others)) {
            return false;
        }
        List<String> required = SchemaKeywords.names(b, "required", pointer);
        for (String name : SchemaKeywords.names(a, "required", pointer)) {
            boolean both =
                    required.contains(name) && mine.containsKey(name) && others.containsKey(name);
            if (both && disjoint(mine.get(name), others.get(name), pointer, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    private static boolean apart(Map<String, @Nullable Object> a, Map<String, @Nullable Object> b) {
        Set<String> common = new HashSet<>();
        List<?> mine = constants(a);
        List<?> others = constants(b);
        if (mine == null || others == null) {
            return false;
        }
        mine.forEach(value -> common.add(dev.jebena.json.Json.write(value)));
        return others.stream()
                .noneMatch(value -> common.contains(dev.jebena.json.Json.write(value)));
    }

    private static @Nullable List<?> constants(Map<String, @Nullable Object> schema) {
        if (schema.containsKey("const")) {
            return java.util.Collections.singletonList(schema.get("const"));
        }
        return schema.get("enum") instanceof List<?> values ? values : null;
    }

    private static Set<String> types(Map<String, @Nullable Object> schema) {
        Set<String> types = new HashSet<>(SchemaTypes.of(schema));
        List<?> constants = constants(schema);
        if (constants != null) {
            Set<String> kinds = new HashSet<>();
            constants.forEach(value -> kinds.add(dev.jebena.json.Json.kind(value)));
            types.removeIf(type -> !kinds.contains(type.equals("integer") ? "number" : type));
        }
        if (types.remove("integer")) {
            types.add("number");
        }
        return types;
    }
}
