package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Expansion.Fact;
import dev.jebena.llm.internal.constraint.Expansion.Item;
import dev.jebena.llm.internal.constraint.Expansion.Task;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the keywords of a schema say of a value itself, and how each can be violated.
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

    private final IdentityHashMap<Object, Map<String, @Nullable Object>> constants =
            new IdentityHashMap<>();
    private final IdentityHashMap<Object, Map<String, @Nullable Object>> negations =
            new IdentityHashMap<>();

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

    private static BigDecimal number(
            Map<String, @Nullable Object> schema, String keyword, String p) {
        BigDecimal number = SchemaKeywords.number(schema, keyword, p);
        if (number == null) {
            throw SchemaKeywords.problem(p, "'" + keyword + "' must be a number");
        }
        return number;
    }

    private static BigDecimal multiple(Map<String, @Nullable Object> schema, String p) {
        BigDecimal multiple = number(schema, "multipleOf", p);
        if (multiple.signum() <= 0) {
            throw SchemaKeywords.problem(p, "'multipleOf' must be a number above 0");
        }
        return multiple;
    }

    private static int least(Map<String, @Nullable Object> schema, String keyword, String p) {
        return SchemaKeywords.least(schema, keyword, p);
    }

    private static int most(Map<String, @Nullable Object> schema, String keyword, String p) {
        Integer most = SchemaKeywords.most(schema, keyword, p);
        return most == null ? -1 : most;
    }

    private static RegexNode pattern(Map<String, @Nullable Object> schema, String p) {
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

    /// The ways in which the schema's own keywords may be violated. Formats are annotations there.
    List<List<Task>> against(Map<String, @Nullable Object> schema, Item item) {
        String p = item.literal().pointer();
        List<List<Task>> ways = new ArrayList<>();
        for (String keyword : schema.keySet()) {
            switch (keyword) {
                case "type" ->
                        ways.add(
                                List.of(Fact.of(f -> notType(f, SchemaKeywords.types(schema, p)))));
                case "enum" -> ways.add(none(SchemaKeywords.list(schema, keyword, p), item));
                case "const" ->
                        ways.add(none(Collections.singletonList(schema.get(keyword)), item));
                case "minimum" ->
                        typed(ways, "number", f -> f.atMost(number(schema, keyword, p), true));
                case "exclusiveMinimum" ->
                        typed(ways, "number", f -> f.atMost(number(schema, keyword, p), false));
                case "maximum" ->
                        typed(ways, "number", f -> f.atLeast(number(schema, keyword, p), true));
                case "exclusiveMaximum" ->
                        typed(ways, "number", f -> f.atLeast(number(schema, keyword, p), false));
                case "multipleOf" ->
                        typed(ways, "number", f -> f.notMultiples.add(multiple(schema, p)));
                case "minLength" -> fewer(ways, "string", least(schema, keyword, p));
                case "maxLength" -> more(ways, "string", most(schema, keyword, p));
                case "pattern" -> typed(ways, "string", f -> f.notPatterns.add(pattern(schema, p)));
                case "minItems" -> fewer(ways, "array", least(schema, keyword, p));
                case "maxItems" -> more(ways, "array", most(schema, keyword, p));
                case "minProperties" -> fewer(ways, "object", least(schema, keyword, p));
                case "maxProperties" -> more(ways, "object", most(schema, keyword, p));
                case "required" -> {
                    for (String name : SchemaKeywords.names(schema, keyword, p)) {
                        typed(ways, "object", f -> f.absent.add(name));
                    }
                }
                default -> parts(ways, schema, keyword, item);
            }
        }
        return ways;
    }

    private static void typed(List<List<Task>> ways, String type, Consumer<Facts> change) {
        ways.add(
                List.of(
                        new Fact(facts -> {
                            change.accept(facts);
                            return facts.only(type);
                        })));
    }

    private static void fewer(List<List<Task>> ways, String type, int least) {
        if (least > 0) {
            typed(ways, type, f -> atMost(f, type, least - 1));
        }
    }

    private static void atMost(Facts f, String type, int most) {
        switch (type) {
            case "string" -> f.maxLength = Facts.tighter(f.maxLength, most);
            case "array" -> f.maxItems = Facts.tighter(f.maxItems, most);
            default -> f.maxMembers = Facts.tighter(f.maxMembers, most);
        }
    }

    private static void more(List<List<Task>> ways, String type, int most) {
        if (most >= 0) {
            typed(
                    ways,
                    type,
                    f -> {
                        switch (type) {
                            case "string" -> f.minLength = Math.max(f.minLength, most + 1);
                            case "array" -> f.minItems = Math.max(f.minItems, most + 1);
                            default -> f.minMembers = Math.max(f.minMembers, most + 1);
                        }
                    });
        }
    }

    private static void notType(Facts f, List<String> types) {
        f.types.removeAll(types);
        f.fraction |= types.contains("integer") && f.types.contains("number");
    }

    /// Arrays and objects among the values are taken apart; what is simple is left out by its text.
    private List<Task> none(List<@Nullable Object> values, Item item) {
        List<Task> tasks = new ArrayList<>();
        List<@Nullable Object> simple = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof List<?> || value instanceof Map<?, ?>) {
                Map<String, @Nullable Object> schema =
                        constants.computeIfAbsent(value, Assertions::onlyValue);
                tasks.add(item.part(schema, false, item.literal().pointer()));
            } else {
                simple.add(value);
            }
        }
        tasks.add(Fact.of(f -> f.excluded.addAll(simple)));
        return tasks;
    }

    private static Map<String, @Nullable Object> onlyValue(Object value) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        if (value instanceof List<?> list) {
            List<@Nullable Object> prefix = new ArrayList<>();
            for (Object element : list) {
                prefix.add(constant(element));
            }
            schema.put("type", "array");
            schema.put("prefixItems", prefix);
            schema.put("minItems", (long) list.size());
            schema.put("maxItems", (long) list.size());
        } else if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> properties = new LinkedHashMap<>();
            map.forEach((name, one) -> properties.put(String.valueOf(name), constant(one)));
            schema.put("type", "object");
            schema.put("properties", properties);
            schema.put("required", new ArrayList<@Nullable Object>(properties.keySet()));
            schema.put("maxProperties", (long) map.size());
        }
        return schema;
    }

    private static Map<String, @Nullable Object> constant(@Nullable Object value) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("const", value);
        return schema;
    }

    /// Violations by a member or an element.
    private void parts(
            List<List<Task>> ways,
            Map<String, @Nullable Object> schema,
            String keyword,
            Item item) {
        String p = item.literal().pointer();
        Object said = schema.get(keyword);
        switch (keyword) {
            case "properties" ->
                    SchemaKeywords.map(schema, keyword, p)
                            .forEach((name, one) ->
                                    typed(
                                            ways,
                                            "object",
                                            f -> {
                                                f.required.add(name);
                                                f.named
                                                        .computeIfAbsent(
                                                                name, key -> new ArrayList<>())
                                                        .add(
                                                                Literal.no(
                                                                        one,
                                                                        p + "/" + keyword + "/"
                                                                                + name));
                                            }));
            case "patternProperties" ->
                    SchemaKeywords.map(schema, keyword, p)
                            .forEach((regex, one) ->
                                    witness(
                                            ways,
                                            Language.of(RegexParser.parse(regex, p)),
                                            Literal.no(one, p + "/" + keyword)));
            case "additionalProperties" ->
                    witness(
                            ways,
                            SchemaKeywords.otherNames(schema, p),
                            Literal.no(said, p + "/" + keyword));
            case "items" -> {
                int from = SchemaKeywords.list(schema, "prefixItems", p).size();
                typed(ways, "array", f -> f.marks.add(one(Literal.no(said, p + "/items"), from)));
            }
            case "prefixItems" -> {
                List<@Nullable Object> prefix = SchemaKeywords.list(schema, keyword, p);
                for (int i = 0; i < prefix.size(); i++) {
                    List<@Nullable Object> before = new ArrayList<>();
                    before.addAll(Collections.nCopies(i, (Object) true));
                    before.add(not(prefix.get(i)));
                    int length = i + 1;
                    typed(
                            ways,
                            "array",
                            f -> {
                                f.minItems = Math.max(f.minItems, length);
                                f.elements.add(new Facts.Elements(before, true, p, List.of()));
                            });
                }
            }
            case "contains" -> {
                int least = schema.containsKey("minContains") ? least(schema, "minContains", p) : 1;
                int most = most(schema, "maxContains", p);
                Literal element = Literal.yes(said, p + "/contains");
                if (least > 0) {
                    typed(
                            ways,
                            "array",
                            f -> f.marks.add(new Facts.Mark(element, 0, 0, least - 1, List.of())));
                }
                if (most >= 0) {
                    typed(
                            ways,
                            "array",
                            f -> f.marks.add(new Facts.Mark(element, 0, most + 1, -1, List.of())));
                }
            }
            default -> {}
        }
    }

    private static Facts.Mark one(Literal element, int from) {
        return new Facts.Mark(element, from, 1, -1, List.of());
    }

    private static void witness(List<List<Task>> ways, Language names, Literal value) {
        typed(ways, "object", f -> f.witnesses.add(new Facts.Witness(names, value)));
    }

    /// The same map for the same schema, so that literals of it are equal.
    private Map<String, @Nullable Object> not(@Nullable Object schema) {
        return negations.computeIfAbsent(
                schema == null ? false : schema,
                key -> {
                    Map<String, @Nullable Object> not = new LinkedHashMap<>();
                    not.put("not", schema);
                    return not;
                });
    }
}
