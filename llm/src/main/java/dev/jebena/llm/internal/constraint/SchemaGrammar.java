package dev.jebena.llm.internal.constraint;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a JSON Schema into a grammar: one rule a schema. What the grammar has is valid under the
/// schema; of what is valid it leaves out other orders of properties, other spellings of escapes in
/// strings with a pattern, long runs of whitespace, and extra properties where
/// `additionalProperties` is not said.
final class SchemaGrammar {
    private record Work(Rule rule, Map<String, @Nullable Object> schema, String pointer) {}

    private static final int MAX_RULES = 20_000;

    private final Grammar grammar;
    private final JsonText json;
    private final Map<String, @Nullable Object> root;
    private final SchemaReferences references;
    private final IdentityHashMap<Object, Rule> rules = new IdentityHashMap<>();
    private final ArrayDeque<Work> open = new ArrayDeque<>();

    SchemaGrammar(Grammar grammar, JsonText json, Map<String, ? extends @Nullable Object> schema) {
        this.grammar = grammar;
        this.json = json;
        this.root = new LinkedHashMap<>(schema);
        this.references = new SchemaReferences(root);
    }

    /// The rule for values of the whole schema.
    Rule root() {
        Rule rule = rule(root, "#");
        while (!open.isEmpty()) {
            Work work = open.removeFirst();
            write(work.rule(), work.schema(), work.pointer());
        }
        return rule;
    }

    /// The rule for values of `schema`; its contents are written later.
    Rule rule(@Nullable Object schema, String pointer) {
        if (schema instanceof Boolean all) {
            return all ? json.value() : grammar.rule(false);
        }
        Map<String, @Nullable Object> map = SchemaKeywords.object(schema, pointer);
        SchemaKeywords.check(map, pointer);
        if (!SchemaKeywords.restricts(map)) {
            return json.value();
        }
        if (map.containsKey("$ref") && !SchemaKeywords.restricts(map, "$ref")) {
            Object target = references.target(map.get("$ref"), pointer);
            if (target != map && target instanceof Map<?, ?> && rules.containsKey(target)) {
                return rules.get(target);
            }
        }
        Rule known = rules.get(map);
        if (known == null) {
            if (rules.size() > MAX_RULES) {
                throw SchemaKeywords.problem(pointer, "the schema expands without end");
            }
            known = grammar.rule(false);
            rules.put(map, known);
            open.add(new Work(known, map, pointer));
        }
        return known;
    }

    private void write(Rule rule, Map<String, @Nullable Object> schema, String pointer) {
        if (schema.containsKey("$ref") && !SchemaKeywords.restricts(schema, "$ref")) {
            Object target = references.target(schema.get("$ref"), pointer);
            grammar.call(rule.start, rule(target, "" + schema.get("$ref")), rule.end);
            return;
        }
        Map<String, @Nullable Object> whole = references.resolved(schema, pointer);
        for (String choice : List.of("anyOf", "oneOf")) {
            if (whole.containsKey(choice)) {
                alternatives(rule, whole, choice, pointer);
                return;
            }
        }
        if (whole.containsKey("enum") || whole.containsKey("const")) {
            new ConstantText(grammar, json).write(rule, whole, pointer);
            return;
        }
        for (String type : SchemaTypes.of(whole)) {
            typed(rule, type, whole, pointer);
        }
    }

    private void alternatives(
            Rule rule, Map<String, @Nullable Object> schema, String choice, String pointer) {
        List<@Nullable Object> branches = SchemaKeywords.list(schema, choice, pointer);
        if (choice.equals("oneOf")) {
            checkDisjoint(branches, pointer);
        }
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(schema);
        rest.remove(choice);
        int i = 0;
        for (Object branch : branches) {
            String place = pointer + "/" + choice + "/" + i++;
            Object all = SchemaKeywords.restricts(rest) ? SchemaMerge.both(rest, branch) : branch;
            grammar.call(rule.start, rule(all, place), rule.end);
        }
    }

    private void checkDisjoint(List<@Nullable Object> branches, String pointer) {
        Disjointness disjointness = new Disjointness(references);
        for (int i = 0; i < branches.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!disjointness.disjoint(branches.get(j), branches.get(i), pointer)) {
                    throw SchemaKeywords.unsupported(
                            pointer,
                            "oneOf",
                            " where branches may overlap (%d and %d); use anyOf".formatted(j, i));
                }
            }
        }
    }

    private void typed(
            Rule rule, String type, Map<String, @Nullable Object> schema, String pointer) {
        switch (type) {
            case "null" -> grammar.jump(grammar.after(rule.start, "null"), rule.end);
            case "boolean" -> {
                grammar.jump(grammar.after(rule.start, "true"), rule.end);
                grammar.jump(grammar.after(rule.start, "false"), rule.end);
            }
            case "string" -> string(rule, schema, pointer);
            case "integer", "number" -> number(rule, type.equals("integer"), schema, pointer);
            case "object" ->
                    grammar.call(
                            rule.start,
                            new ObjectText(grammar, json, this).write(schema, pointer),
                            rule.end);
            case "array" ->
                    grammar.call(
                            rule.start,
                            new ArrayText(grammar, json, this).write(schema, pointer),
                            rule.end);
            default -> throw SchemaKeywords.problem(pointer, "no such type: '" + type + "'");
        }
    }

    private void string(Rule rule, Map<String, @Nullable Object> schema, String pointer) {
        int least = SchemaKeywords.least(schema, "minLength", pointer);
        Integer most = SchemaKeywords.most(schema, "maxLength", pointer);
        RegexNode format = schema.get("format") instanceof String name ? Formats.regex(name) : null;
        RegexNode regex = format;
        if (schema.get("pattern") instanceof String pattern) {
            if (format != null) {
                throw SchemaKeywords.unsupported(pointer, "pattern", " together with 'format'");
            }
            regex = RegexParser.parse(pattern, pointer);
        }
        if (regex != null) {
            Node inside = grammar.node();
            RegexText.quoted(grammar)
                    .write(grammar.after(rule.start, "\""), regex, least, most, inside);
            grammar.bytes(inside, '"', '"', rule.end);
        } else if (least == 0 && most == null) {
            grammar.call(rule.start, json.string(), rule.end);
        } else {
            json.string(rule.start, least, most, rule.end);
        }
    }

    private void number(
            Rule rule, boolean whole, Map<String, @Nullable Object> schema, String pointer) {
        BigDecimal multiple = SchemaKeywords.number(schema, "multipleOf", pointer);
        boolean wholes = whole;
        if (multiple != null) {
            if (multiple.compareTo(BigDecimal.ONE) != 0) {
                throw SchemaKeywords.unsupported(pointer, "multipleOf", " other than 1");
            }
            wholes = true;
        }
        NumberRange.Bound low = bound(schema, "minimum", "exclusiveMinimum", 1, pointer);
        NumberRange.Bound high = bound(schema, "maximum", "exclusiveMaximum", -1, pointer);
        if (low == null && high == null) {
            json.number(rule.start, rule.end, wholes);
        } else {
            new NumberRange(grammar, json, wholes).write(rule.start, low, high, rule.end);
        }
    }

    /// The tighter one of two bounds.
    private static NumberRange.@Nullable Bound bound(
            Map<String, @Nullable Object> schema,
            String closed,
            String open,
            int sign,
            String pointer) {
        BigDecimal inside = SchemaKeywords.number(schema, closed, pointer);
        BigDecimal outside = SchemaKeywords.number(schema, open, pointer);
        int order = outside == null || inside == null ? 0 : outside.compareTo(inside);
        boolean looser = sign > 0 ? order < 0 : order > 0;
        if (outside != null && !looser) {
            return new NumberRange.Bound(outside, true);
        }
        return inside == null ? null : new NumberRange.Bound(inside, false);
    }
}
