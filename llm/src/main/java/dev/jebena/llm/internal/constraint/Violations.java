package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Expansion.Fact;
import dev.jebena.llm.internal.constraint.Expansion.Item;
import dev.jebena.llm.internal.constraint.Expansion.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How what the keywords of a schema say of a value itself can be violated.
final class Violations {
    private final IdentityHashMap<Object, Map<String, @Nullable Object>> constants =
            new IdentityHashMap<>();
    private final IdentityHashMap<Object, Map<String, @Nullable Object>> negations =
            new IdentityHashMap<>();

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
                        typed(
                                ways,
                                "number",
                                f -> f.atMost(Assertions.number(schema, keyword, p), true));
                case "exclusiveMinimum" ->
                        typed(
                                ways,
                                "number",
                                f -> f.atMost(Assertions.number(schema, keyword, p), false));
                case "maximum" ->
                        typed(
                                ways,
                                "number",
                                f -> f.atLeast(Assertions.number(schema, keyword, p), true));
                case "exclusiveMaximum" ->
                        typed(
                                ways,
                                "number",
                                f -> f.atLeast(Assertions.number(schema, keyword, p), false));
                case "multipleOf" ->
                        typed(
                                ways,
                                "number",
                                f -> f.notMultiples.add(Assertions.multiple(schema, p)));
                case "minLength" -> fewer(ways, "string", Assertions.least(schema, keyword, p));
                case "maxLength" -> more(ways, "string", Assertions.most(schema, keyword, p));
                case "pattern" ->
                        typed(
                                ways,
                                "string",
                                f -> f.notPatterns.add(Assertions.pattern(schema, p)));
                case "minItems" -> fewer(ways, "array", Assertions.least(schema, keyword, p));
                case "maxItems" -> more(ways, "array", Assertions.most(schema, keyword, p));
                case "minProperties" -> fewer(ways, "object", Assertions.least(schema, keyword, p));
                case "maxProperties" -> more(ways, "object", Assertions.most(schema, keyword, p));
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
                        constants.computeIfAbsent(value, Violations::onlyValue);
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
                int least =
                        schema.containsKey("minContains")
                                ? Assertions.least(schema, "minContains", p)
                                : 1;
                int most = Assertions.most(schema, "maxContains", p);
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
