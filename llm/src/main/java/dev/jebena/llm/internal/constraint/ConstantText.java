package dev.jebena.llm.internal.constraint;

import dev.jebena.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the values of `enum` and `const` into a grammar.
final class ConstantText {
    private final Grammar grammar;
    private final JsonText json;

    ConstantText(Grammar grammar, JsonText json) {
        this.grammar = grammar;
        this.json = json;
    }

    void write(Rule rule, Map<String, @Nullable Object> schema, String pointer) {
        List<@Nullable Object> values =
                new ArrayList<>(SchemaKeywords.list(schema, "enum", pointer));
        if (schema.containsKey("const")) {
            values.clear();
            values.add(schema.get("const"));
        }
        for (String keyword : List.of("pattern", "multipleOf", "minItems", "maxItems", "items")) {
            if (schema.containsKey(keyword)) {
                throw SchemaKeywords.unsupported(
                        pointer, keyword, " together with 'enum' or 'const'");
            }
        }
        for (Object value : values) {
            boolean typed =
                    !schema.containsKey("type")
                            || SchemaTypes.contain(SchemaTypes.of(schema), value);
            if (typed && fits(value, schema, pointer)) {
                grammar.jump(after(rule.start, value), rule.end);
            }
        }
    }

    private static boolean fits(
            @Nullable Object value, Map<String, @Nullable Object> schema, String pointer) {
        if (value instanceof String text) {
            int length = text.codePointCount(0, text.length());
            Integer most = SchemaKeywords.most(schema, "maxLength", pointer);
            return length >= SchemaKeywords.least(schema, "minLength", pointer)
                    && (most == null || length <= most);
        }
        if (value instanceof Number) {
            BigDecimal number = new BigDecimal(value.toString());
            return order(number, schema, "minimum", pointer) >= 0
                    && order(number, schema, "exclusiveMinimum", pointer) != 0
                    && order(number, schema, "exclusiveMinimum", pointer) > -1
                    && order(number, schema, "maximum", pointer) != 1
                    && order(number, schema, "exclusiveMaximum", pointer) != 1
                    && order(number, schema, "exclusiveMaximum", pointer) != 0;
        }
        return true;
    }

    /// How `number` compares with a bound: -1, 0 or 1; 2 where there is no such bound.
    private static int order(
            BigDecimal number,
            Map<String, @Nullable Object> schema,
            String keyword,
            String pointer) {
        BigDecimal bound = SchemaKeywords.number(schema, keyword, pointer);
        return bound == null ? 2 : number.compareTo(bound);
    }

    private Node after(Node from, @Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Node at = grammar.after(grammar.after(from, "{"), json.space());
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (!separator.isEmpty()) {
                        at = grammar.after(grammar.after(at, separator), json.space());
                    }
                    at = grammar.after(at, Json.write(String.valueOf(entry.getKey())));
                    at = after(grammar.after(at, json.colon()), entry.getValue());
                    separator = ",";
                }
                yield grammar.after(map.isEmpty() ? at : grammar.after(at, json.space()), "}");
            }
            case List<?> list -> {
                Node at = grammar.after(grammar.after(from, "["), json.space());
                String separator = "";
                for (Object item : list) {
                    if (!separator.isEmpty()) {
                        at = grammar.after(grammar.after(at, separator), json.space());
                    }
                    at = after(at, item);
                    separator = ",";
                }
                yield grammar.after(list.isEmpty() ? at : grammar.after(at, json.space()), "]");
            }
            case null, default -> grammar.after(from, Json.write(value));
        };
    }
}
