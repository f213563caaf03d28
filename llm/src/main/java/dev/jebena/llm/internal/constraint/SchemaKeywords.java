package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.LlmException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keywords of JSON Schema, and typed access to them with errors that name their place.
final class SchemaKeywords {
    /// Keywords that say nothing about which texts are valid.
    private static final Set<String> ANNOTATIONS =
            Set.of(
                    "title",
                    "description",
                    "default",
                    "examples",
                    "example",
                    "$schema",
                    "$id",
                    "$comment",
                    "$defs",
                    "definitions",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "discriminator",
                    "contentEncoding",
                    "contentMediaType",
                    "$anchor",
                    "$dynamicAnchor",
                    "$vocabulary",
                    "contentSchema",
                    "strict",
                    "name");

    private static final Set<String> SUPPORTED =
            Set.of(
                    "type",
                    "enum",
                    "const",
                    "$ref",
                    "$dynamicRef",
                    "not",
                    "if",
                    "then",
                    "else",
                    "dependentSchemas",
                    "dependentRequired",
                    "patternProperties",
                    "contains",
                    "minContains",
                    "maxContains",
                    "unevaluatedItems",
                    "allOf",
                    "anyOf",
                    "oneOf",
                    "properties",
                    "required",
                    "additionalProperties",
                    "unevaluatedProperties",
                    "propertyNames",
                    "minProperties",
                    "maxProperties",
                    "items",
                    "prefixItems",
                    "minItems",
                    "maxItems",
                    "uniqueItems",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "format",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf");

    private SchemaKeywords() {}

    static LlmException problem(String pointer, String what) {
        return Grammar.refused("schema, " + pointer + ": " + what);
    }

    static LlmException unsupported(String pointer, String keyword, String why) {
        return problem(pointer, "the keyword '" + keyword + "' is not supported" + why);
    }

    static void check(Map<String, @Nullable Object> schema, String pointer) {
        for (String keyword : schema.keySet()) {
            boolean known =
                    SUPPORTED.contains(keyword)
                            || ANNOTATIONS.contains(keyword)
                            || keyword.startsWith("x-");
            if (!known) {
                throw unsupported(pointer, keyword, "");
            }
        }
    }

    /// Whether the schema restricts anything.
    static boolean restricts(Map<String, @Nullable Object> schema) {
        return schema.keySet().stream()
                .anyMatch(key -> !ANNOTATIONS.contains(key) && !key.startsWith("x-"));
    }

    /// A schema whose keywords are known.
    static Map<String, @Nullable Object> checked(Object schema, String pointer) {
        Map<String, @Nullable Object> map = object(schema, pointer);
        check(map, pointer);
        return map;
    }

    /// The object under `keyword`; empty where there is none.
    static Map<String, @Nullable Object> map(
            Map<String, @Nullable Object> schema, String keyword, String pointer) {
        return schema.get(keyword) == null
                ? Map.of()
                : object(schema.get(keyword), pointer + "/" + keyword);
    }

    /// What `type` says.
    static List<String> types(Map<String, @Nullable Object> schema, String pointer) {
        return schema.get("type") instanceof String type
                ? List.of(type)
                : names(schema, "type", pointer);
    }

    /// Names that neither `properties` nor `patternProperties` of the schema are about.
    static Language otherNames(Map<String, @Nullable Object> schema, String pointer) {
        Set<String> named = map(schema, "properties", pointer).keySet();
        Language names = Language.ofLength(0, -1).minus(Language.of(List.copyOf(named)));
        for (String pattern : map(schema, "patternProperties", pointer).keySet()) {
            names = names.minus(Language.of(RegexParser.parse(pattern, pointer)));
        }
        return names;
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(@Nullable Object value, String pointer) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw problem(pointer, "expected an object, found " + dev.jebena.json.Json.kind(value));
    }

    /// The list under `keyword`; empty where there is none.
    @SuppressWarnings("unchecked")
    static List<@Nullable Object> list(
            Map<String, @Nullable Object> schema, String keyword, String pointer) {
        Object value = schema.get(keyword);
        if (value == null && !schema.containsKey(keyword)) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw problem(pointer, "'" + keyword + "' must be a list");
    }

    static List<String> names(
            Map<String, @Nullable Object> schema, String keyword, String pointer) {
        List<String> names = new ArrayList<>();
        for (Object name : list(schema, keyword, pointer)) {
            if (!(name instanceof String text)) {
                throw problem(pointer, "'" + keyword + "' must be a list of strings");
            }
            names.add(text);
        }
        return names;
    }

    static @Nullable BigDecimal number(
            Map<String, @Nullable Object> schema, String keyword, String pointer) {
        Object value = schema.get(keyword);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Number)) {
            throw problem(pointer, "'" + keyword + "' must be a number");
        }
        String text = value.toString();
        BigDecimal number =
                text.length() > 400 || text.contains("N") || text.contains("I")
                        ? null
                        : new BigDecimal(text);
        if (number == null || Math.abs((long) number.scale()) > 400) {
            throw problem(pointer, "'" + keyword + "' is out of range");
        }
        return number;
    }

    /// A count; null where there is none.
    static @Nullable Integer count(
            Map<String, @Nullable Object> schema, String keyword, String pointer) {
        BigDecimal number = number(schema, keyword, pointer);
        if (number == null) {
            return null;
        }
        boolean whole = number.stripTrailingZeros().scale() <= 0;
        if (!whole || number.signum() < 0) {
            throw problem(pointer, "'" + keyword + "' must be a whole number, at least 0");
        }
        return number.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValueExact();
    }

    /// A lower count; 0 where there is none.
    static int least(Map<String, @Nullable Object> schema, String keyword, String pointer) {
        Integer count = count(schema, keyword, pointer);
        if (count != null && count > 50_000) {
            throw unsupported(pointer, keyword, " above 50000");
        }
        return count == null ? 0 : count;
    }

    /// An upper count; null where there is none or it is too large to matter.
    static @Nullable Integer most(
            Map<String, @Nullable Object> schema, String keyword, String pointer) {
        Integer count = count(schema, keyword, pointer);
        return count == null || count > 50_000 ? null : count;
    }
}
