package dev.jebena.llm.internal.constraint;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds what `$ref` points to, within one schema document.
final class SchemaReferences {
    private static final int MAX_DEPTH = 40;

    private final Map<String, @Nullable Object> root;

    SchemaReferences(Map<String, @Nullable Object> root) {
        this.root = root;
    }

    /// The schema that `reference` names.
    @Nullable Object target(@Nullable Object reference, String pointer) {
        if (!(reference instanceof String text) || !(text.equals("#") || text.startsWith("#/"))) {
            throw SchemaKeywords.unsupported(
                    pointer, "$ref", " to " + reference + ", only to places in the same schema");
        }
        Object at = root;
        if (text.equals("#")) {
            return at;
        }
        for (String part : text.substring(2).split("/", -1)) {
            String decoded = part.indexOf('%') < 0 ? part : decoded(part, pointer);
            String name = decoded.replace("~1", "/").replace("~0", "~");
            Object below =
                    switch (at) {
                        case Map<?, ?> map -> map.get(name);
                        case List<?> list when name.matches("\\d{1,6}") ->
                                Integer.parseInt(name) < list.size()
                                        ? list.get(Integer.parseInt(name))
                                        : null;
                        case null, default -> null;
                    };
            if (below == null) {
                throw SchemaKeywords.problem(
                        pointer, "$ref to '" + text + "', which does not exist");
            }
            at = below;
        }
        return at;
    }

    private static String decoded(String part, String pointer) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw SchemaKeywords.problem(pointer, "a $ref with a malformed %-escape");
        }
    }

    /// `schema` with what its `$ref` and `allOf` say merged into it; `false` as a schema that no
    /// value satisfies.
    Map<String, @Nullable Object> resolved(@Nullable Object schema, String pointer) {
        return resolved(schema, pointer, 0);
    }

    private Map<String, @Nullable Object> resolved(
            @Nullable Object schema, String pointer, int depth) {
        if (depth > MAX_DEPTH) {
            throw SchemaKeywords.problem(pointer, "a $ref that leads back to itself");
        }
        if (schema instanceof Boolean all) {
            return all ? Map.of() : Map.of("enum", List.of());
        }
        Map<String, @Nullable Object> map = SchemaKeywords.object(schema, pointer);
        SchemaKeywords.check(map, pointer);
        if (!map.containsKey("$ref") && !map.containsKey("allOf")) {
            return map;
        }
        Map<String, @Nullable Object> base = new LinkedHashMap<>(map);
        base.remove("$ref");
        base.remove("allOf");
        if (map.containsKey("$ref")) {
            Object target = target(map.get("$ref"), pointer);
            base = SchemaMerge.merge(base, resolved(target, pointer + "/$ref", depth + 1), pointer);
        }
        int i = 0;
        for (Object part : SchemaKeywords.list(map, "allOf", pointer)) {
            Map<String, @Nullable Object> other =
                    resolved(part, pointer + "/allOf/" + i++, depth + 1);
            base = SchemaMerge.merge(base, other, pointer);
        }
        return base;
    }
}
