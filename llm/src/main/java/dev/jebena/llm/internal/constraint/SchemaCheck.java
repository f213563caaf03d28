package dev.jebena.llm.internal.constraint;

import dev.jebena.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether a constant of a schema is valid under other schemas that hold for it as well.
final class SchemaCheck {
    private static final int MAX_DEPTH = 100;

    private final SchemaDocument document;

    SchemaCheck(SchemaDocument document) {
        this.document = document;
    }

    boolean holds(Literal literal, @Nullable Object value) {
        return valid(literal.schema(), value, literal.pointer(), 0) == literal.holds();
    }

    private boolean valid(
            @Nullable Object schema, @Nullable Object value, String pointer, int depth) {
        if (depth > MAX_DEPTH) {
            throw SchemaKeywords.problem(pointer, "a $ref that leads back to itself");
        }
        if (schema instanceof Boolean all) {
            return all;
        }
        Map<String, @Nullable Object> map = SchemaKeywords.object(schema, pointer);
        for (Map.Entry<String, @Nullable Object> entry : map.entrySet()) {
            if (!valid(map, entry.getKey(), entry.getValue(), value, pointer, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean valid(
            Map<String, @Nullable Object> schema,
            String keyword,
            @Nullable Object said,
            @Nullable Object value,
            String p,
            int depth) {
        return switch (keyword) {
            case "$ref" -> valid(document.target(said, schema, p), value, p, depth);
            case "$dynamicRef" -> valid(document.dynamicTarget(said, schema, p), value, p, depth);
            case "allOf" -> count(schema, keyword, value, p, depth) == size(schema, keyword, p);
            case "anyOf" -> count(schema, keyword, value, p, depth) > 0;
            case "oneOf" -> count(schema, keyword, value, p, depth) == 1;
            case "not" -> !valid(said, value, p, depth);
            case "if" -> {
                String then = valid(said, value, p, depth) ? "then" : "else";
                yield !schema.containsKey(then) || valid(schema.get(then), value, p, depth);
            }
            case "enum" -> JsonValues.contains(SchemaKeywords.list(schema, keyword, p), value);
            case "const" -> JsonValues.equal(said, value);
            case "type" -> isOfType(SchemaKeywords.types(schema, p), value);
            default ->
                    switch (value) {
                        case Number n -> number(schema, keyword, JsonValues.decimal(n), p);
                        case String text -> string(schema, keyword, text, p);
                        case List<?> list -> array(schema, keyword, list, p, depth);
                        case Map<?, ?> map -> object(schema, keyword, map, p, depth);
                        case null, default -> true;
                    };
        };
    }

    private static int size(Map<String, @Nullable Object> schema, String keyword, String p) {
        return SchemaKeywords.list(schema, keyword, p).size();
    }

    private long count(
            Map<String, @Nullable Object> schema,
            String keyword,
            @Nullable Object value,
            String p,
            int depth) {
        return SchemaKeywords.list(schema, keyword, p).stream()
                .filter(branch -> valid(branch, value, p, depth))
                .count();
    }

    static boolean isOfType(List<String> types, @Nullable Object value) {
        return types.contains(Json.kind(value))
                || (types.contains("integer")
                        && value instanceof Number n
                        && JsonValues.isWhole(n));
    }

    private static boolean number(
            Map<String, @Nullable Object> schema, String keyword, BigDecimal n, String p) {
        return switch (keyword) {
            case "minimum" -> n.compareTo(bound(schema, keyword, p)) >= 0;
            case "maximum" -> n.compareTo(bound(schema, keyword, p)) <= 0;
            case "exclusiveMinimum" -> n.compareTo(bound(schema, keyword, p)) > 0;
            case "exclusiveMaximum" -> n.compareTo(bound(schema, keyword, p)) < 0;
            case "multipleOf" -> n.remainder(bound(schema, keyword, p)).signum() == 0;
            default -> true;
        };
    }

    private static BigDecimal bound(
            Map<String, @Nullable Object> schema, String keyword, String p) {
        BigDecimal bound = SchemaKeywords.number(schema, keyword, p);
        if (bound == null || (keyword.equals("multipleOf") && bound.signum() <= 0)) {
            throw SchemaKeywords.problem(p, "'" + keyword + "' must be a number above 0");
        }
        return bound;
    }

    private static boolean string(
            Map<String, @Nullable Object> schema, String keyword, String text, String p) {
        int length = text.codePointCount(0, text.length());
        return switch (keyword) {
            case "minLength" -> length >= SchemaKeywords.least(schema, keyword, p);
            case "maxLength" -> {
                Integer most = SchemaKeywords.most(schema, keyword, p);
                yield most == null || length <= most;
            }
            case "pattern" ->
                    Language.of(RegexParser.parse(String.valueOf(schema.get(keyword)), p))
                            .contains(text);
            case "format" -> {
                RegexNode format = Formats.regex(String.valueOf(schema.get(keyword)));
                yield format == null || Language.of(format).contains(text);
            }
            default -> true;
        };
    }

    private boolean array(
            Map<String, @Nullable Object> schema,
            String keyword,
            List<?> list,
            String p,
            int depth) {
        return switch (keyword) {
            case "minItems" -> list.size() >= SchemaKeywords.least(schema, keyword, p);
            case "maxItems" -> {
                Integer most = SchemaKeywords.most(schema, keyword, p);
                yield most == null || list.size() <= most;
            }
            case "uniqueItems" ->
                    !Boolean.TRUE.equals(schema.get(keyword))
                            || list.stream()
                                    .noneMatch(a ->
                                            list.stream()
                                                            .filter(b -> JsonValues.equal(a, b))
                                                            .count()
                                                    > 1);
            case "prefixItems" -> {
                List<@Nullable Object> prefix = SchemaKeywords.list(schema, keyword, p);
                boolean all = true;
                for (int i = 0; all && i < Math.min(prefix.size(), list.size()); i++) {
                    all = valid(prefix.get(i), list.get(i), p, depth);
                }
                yield all;
            }
            case "items" ->
                    list.stream()
                            .skip(SchemaKeywords.list(schema, "prefixItems", p).size())
                            .allMatch(e -> valid(schema.get(keyword), e, p, depth));
            case "contains" -> {
                long found =
                        list.stream().filter(e -> valid(schema.get(keyword), e, p, depth)).count();
                Integer most = SchemaKeywords.most(schema, "maxContains", p);
                int least =
                        schema.containsKey("minContains")
                                ? SchemaKeywords.least(schema, "minContains", p)
                                : 1;
                yield found >= least && (most == null || found <= most);
            }
            case "unevaluatedItems" -> throw unevaluated(keyword, p);
            default -> true;
        };
    }

    private static dev.jebena.llm.LlmException unevaluated(String keyword, String p) {
        return SchemaKeywords.unsupported(p, keyword, " together with 'enum' or 'const'");
    }

    private boolean object(
            Map<String, @Nullable Object> schema,
            String keyword,
            Map<?, ?> map,
            String p,
            int depth) {
        return switch (keyword) {
            case "minProperties" -> map.size() >= SchemaKeywords.least(schema, keyword, p);
            case "maxProperties" -> {
                Integer most = SchemaKeywords.most(schema, keyword, p);
                yield most == null || map.size() <= most;
            }
            case "required" ->
                    SchemaKeywords.names(schema, keyword, p).stream().allMatch(map::containsKey);
            case "propertyNames" ->
                    map.keySet().stream()
                            .allMatch(name -> valid(schema.get(keyword), name, p, depth));
            case "properties", "patternProperties", "additionalProperties" ->
                    map.entrySet().stream()
                            .allMatch(e ->
                                    member(
                                            schema,
                                            keyword,
                                            String.valueOf(e.getKey()),
                                            e.getValue(),
                                            p,
                                            depth));
            case "dependentRequired" ->
                    SchemaKeywords.object(schema.get(keyword), p).entrySet().stream()
                            .filter(e -> map.containsKey(e.getKey()))
                            .allMatch(e ->
                                    e.getValue() instanceof List<?> names
                                            && map.keySet().containsAll(names));
            case "dependentSchemas" ->
                    SchemaKeywords.object(schema.get(keyword), p).entrySet().stream()
                            .filter(e -> map.containsKey(e.getKey()))
                            .allMatch(e -> valid(e.getValue(), map, p, depth));
            case "unevaluatedProperties" -> throw unevaluated(keyword, p);
            default -> true;
        };
    }

    private boolean member(
            Map<String, @Nullable Object> schema,
            String keyword,
            String name,
            @Nullable Object value,
            String p,
            int depth) {
        Map<String, @Nullable Object> properties = SchemaKeywords.map(schema, "properties", p);
        Map<String, @Nullable Object> patterns = SchemaKeywords.map(schema, "patternProperties", p);
        List<@Nullable Object> matching =
                patterns.entrySet().stream()
                        .filter(e -> Language.of(RegexParser.parse(e.getKey(), p)).contains(name))
                        .<@Nullable Object>map(Map.Entry::getValue)
                        .toList();
        return switch (keyword) {
            case "properties" ->
                    !properties.containsKey(name) || valid(properties.get(name), value, p, depth);
            case "patternProperties" ->
                    matching.stream().allMatch(one -> valid(one, value, p, depth));
            default ->
                    properties.containsKey(name)
                            || !matching.isEmpty()
                            || valid(schema.get(keyword), value, p, depth);
        };
    }
}
