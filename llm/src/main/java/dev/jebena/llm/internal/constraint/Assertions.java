package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Expansion.Fact;
import dev.jebena.llm.internal.constraint.Expansion.Item;
import dev.jebena.llm.internal.constraint.Expansion.Task;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the keywords of a schema say of a value itself.
final class Assertions {
    private static final Map<String, Set<String>> HINTS =
            Map.of(
                    "object",
                    Set.of(
                            "properties",
                            "required",
                            "additionalProperties",
                            "patternProperties",
                            "propertyNames",
                            "minProperties",
                            "maxProperties"),
                    "array",
                    Set.of(
                            "items",
                            "prefixItems",
                            "minItems",
                            "maxItems",
                            "contains",
                            "uniqueItems"),
                    "string",
                    Set.of("pattern", "minLength", "maxLength", "format"),
                    "number",
                    Set.of(
                            "minimum",
                            "maximum",
                            "exclusiveMinimum",
                            "exclusiveMaximum",
                            "multipleOf"));

    /// What holds where the schema holds.
    List<Task> of(Map<String, @Nullable Object> schema, Item item) {
        String p = item.literal().pointer();
        List<Task> tasks = new ArrayList<>();
        for (Map.Entry<String, Set<String>> hint : HINTS.entrySet()) {
            if (!schema.containsKey("type")
                    && schema.keySet().stream().anyMatch(hint.getValue()::contains)) {
                tasks.add(Fact.of(f -> f.hints.add(hint.getKey())));
            }
        }
        for (String keyword : schema.keySet()) {
            Predicate<Facts> says = says(schema, keyword, p);
            if (says != null) {
                tasks.add(new Fact(says));
            }
        }
        tasks.add(Fact.of(f -> addRules(f, schema, item)));
        return tasks;
    }

    private @Nullable Predicate<Facts> says(
            Map<String, @Nullable Object> schema, String keyword, String p) {
        return switch (keyword) {
            case "type" -> f -> type(f, SchemaKeywords.types(schema, p));
            case "enum" -> f -> oneOf(f, SchemaKeywords.list(schema, keyword, p));
            case "const" -> f -> oneOf(f, Collections.singletonList(schema.get(keyword)));
            case "minimum" -> also(f -> f.atLeast(number(schema, keyword, p), false));
            case "exclusiveMinimum" -> also(f -> f.atLeast(number(schema, keyword, p), true));
            case "maximum" -> also(f -> f.atMost(number(schema, keyword, p), false));
            case "exclusiveMaximum" -> also(f -> f.atMost(number(schema, keyword, p), true));
            case "multipleOf" -> also(f -> f.multiples.add(multiple(schema, p)));
            case "minLength" ->
                    also(f -> f.minLength = Math.max(f.minLength, least(schema, keyword, p)));
            case "maxLength" ->
                    also(f -> f.maxLength = Facts.tighter(f.maxLength, most(schema, keyword, p)));
            case "pattern" -> also(f -> f.patterns.add(pattern(schema, p)));
            case "format" ->
                    also(f -> {
                        RegexNode format = Formats.regex(String.valueOf(schema.get(keyword)));
                        if (format != null) {
                            f.patterns.add(format);
                        }
                    });
            case "minItems" ->
                    also(f -> f.minItems = Math.max(f.minItems, least(schema, keyword, p)));
            case "maxItems" ->
                    also(f -> f.maxItems = Facts.tighter(f.maxItems, most(schema, keyword, p)));
            case "uniqueItems" -> also(f -> f.unique |= Boolean.TRUE.equals(schema.get(keyword)));
            case "minProperties" ->
                    also(f -> f.minMembers = Math.max(f.minMembers, least(schema, keyword, p)));
            case "maxProperties" ->
                    also(f -> f.maxMembers = Facts.tighter(f.maxMembers, most(schema, keyword, p)));
            case "required" ->
                    also(f -> f.required.addAll(SchemaKeywords.names(schema, keyword, p)));
            case "propertyNames" ->
                    also(f -> f.names.add(Literal.yes(schema.get(keyword), p + "/" + keyword)));
            default -> null;
        };
    }

    private static Predicate<Facts> also(Consumer<Facts> change) {
        return facts -> {
            change.accept(facts);
            return true;
        };
    }

    private static boolean type(Facts f, List<String> allowed) {
        f.typed = true;
        for (String type : allowed) {
            if (!Facts.TYPES.contains(type) && !type.equals("integer")) {
                throw Grammar.refused("schema: no such type: '" + type + "'");
            }
        }
        f.integer |= allowed.contains("integer") && !allowed.contains("number");
        f.types.removeIf(type ->
                !allowed.contains(type) && !(type.equals("number") && allowed.contains("integer")));
        return !f.types.isEmpty();
    }

    private static boolean oneOf(Facts f, List<@Nullable Object> values) {
        f.values = f.values == null ? values : JsonValues.common(f.values, values);
        return !f.values.isEmpty();
    }

    static BigDecimal number(Map<String, @Nullable Object> schema, String keyword, String p) {
        BigDecimal number = SchemaKeywords.number(schema, keyword, p);
        if (number == null) {
            throw SchemaKeywords.problem(p, "'" + keyword + "' must be a number");
        }
        return number;
    }

    static BigDecimal multiple(Map<String, @Nullable Object> schema, String p) {
        BigDecimal multiple = number(schema, "multipleOf", p);
        if (multiple.signum() <= 0) {
            throw SchemaKeywords.problem(p, "'multipleOf' must be a number above 0");
        }
        return multiple;
    }

    static int least(Map<String, @Nullable Object> schema, String keyword, String p) {
        return SchemaKeywords.least(schema, keyword, p);
    }

    static int most(Map<String, @Nullable Object> schema, String keyword, String p) {
        Integer most = SchemaKeywords.most(schema, keyword, p);
        return most == null ? -1 : most;
    }

    static RegexNode pattern(Map<String, @Nullable Object> schema, String p) {
        if (!(schema.get("pattern") instanceof String text)) {
            throw SchemaKeywords.problem(p, "'pattern' must be a string");
        }
        return RegexParser.parse(text, p);
    }

    private static void addRules(Facts f, Map<String, @Nullable Object> schema, Item item) {
        String p = item.literal().pointer();
        boolean members =
                schema.containsKey("properties")
                        || schema.containsKey("patternProperties")
                        || schema.containsKey("additionalProperties");
        if (members) {
            f.members.add(
                    new Facts.Members(
                            SchemaKeywords.map(schema, "properties", p),
                            SchemaKeywords.map(schema, "patternProperties", p),
                            schema.get("additionalProperties"),
                            p,
                            item.scopes()));
        }
        if (schema.containsKey("prefixItems") || schema.containsKey("items")) {
            f.elements.add(
                    new Facts.Elements(
                            SchemaKeywords.list(schema, "prefixItems", p),
                            schema.get("items"),
                            p,
                            item.scopes()));
        }
        if (schema.containsKey("contains")) {
            f.marks.add(
                    new Facts.Mark(
                            Literal.yes(schema.get("contains"), p + "/contains"),
                            0,
                            schema.containsKey("minContains") ? least(schema, "minContains", p) : 1,
                            most(schema, "maxContains", p),
                            item.scopes()));
        }
        for (String keyword : List.of("unevaluatedProperties", "unevaluatedItems")) {
            if (schema.containsKey(keyword)) {
                f.leftOver.add(
                        new Facts.LeftOver(
                                schema,
                                schema.get(keyword),
                                keyword.equals("unevaluatedItems"),
                                p + "/" + keyword,
                                item.scopes()));
            }
        }
    }
}
