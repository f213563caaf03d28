package dev.jebena.llm.internal.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a JSON Schema into a grammar: one rule for each set of schemas that must hold, or must
/// not, for one value. What the grammar has is valid under the schema. Of what is valid it leaves
/// out other orders of properties, other spellings of escapes in strings with a pattern, long runs
/// of whitespace, and what hardly anybody means: values of other types than the keywords are about,
/// and properties that the schema does not name.
final class SchemaGrammar {
    private record Work(Rule rule, Set<Literal> literals) {}

    private static final int MAX_RULES = 20_000;
    private static final int MAX_VALUES = 10_000;

    private final Grammar grammar;
    private final JsonText json;
    private final boolean wide;
    private final SchemaDocument document;
    private final Expansion expansion;
    private final SchemaCheck check;
    private final ObjectText objects;
    private final ArrayText arrays;
    private final Map<Set<Literal>, Rule> rules = new HashMap<>();
    private final ArrayDeque<Work> open = new ArrayDeque<>();

    /// @param wide whether to allow what hardly anybody means as well
    SchemaGrammar(
            Grammar grammar,
            JsonText json,
            Map<String, ? extends @Nullable Object> schema,
            boolean wide) {
        this.grammar = grammar;
        this.json = json;
        this.wide = wide;
        this.document = new SchemaDocument(new LinkedHashMap<>(schema));
        this.expansion = new Expansion(document);
        this.check = new SchemaCheck(document);
        this.objects = new ObjectText(grammar, json, this);
        this.arrays = new ArrayText(grammar, json, this);
    }

    boolean wide() {
        return wide;
    }

    SchemaCheck check() {
        return check;
    }

    Expansion expansion() {
        return expansion;
    }

    /// The rule for values of the whole schema.
    Rule root() {
        Rule rule = rule(List.of(Literal.yes(document.root(), "#")));
        while (!open.isEmpty()) {
            Work work = open.removeFirst();
            write(work.rule(), work.literals());
        }
        if (rule == json.value()) {
            Rule any = grammar.rule(false);
            grammar.call(any.start, rule, any.end);
            return any;
        }
        return rule;
    }

    /// The rule for values for which all of `literals` are so; its contents are written later.
    Rule rule(Collection<Literal> literals) {
        Set<Literal> set = new LinkedHashSet<>();
        for (Literal literal : literals) {
            if (literal.isFalse()) {
                return grammar.rule(false);
            }
            if (!literal.isTrue() && !isEmpty(literal)) {
                set.add(literal);
            }
        }
        if (set.isEmpty()) {
            return json.value();
        }
        Rule known = rules.get(set);
        if (known == null) {
            if (rules.size() > MAX_RULES) {
                throw Grammar.refused("the schema expands without end");
            }
            known = grammar.rule(false);
            rules.put(set, known);
            open.add(new Work(known, set));
        }
        return known;
    }

    private static boolean isEmpty(Literal literal) {
        return literal.holds()
                && literal.schema() instanceof Map<?, ?>
                && !SchemaKeywords.restricts(
                        SchemaKeywords.checked(literal.schema(), literal.pointer()));
    }

    private void write(Rule rule, Set<Literal> literals) {
        List<Facts> cases = expansion.of(literals);
        for (Object value : values(cases, literals)) {
            grammar.jump(new ConstantText(grammar, json).after(rule.start, value), rule.end);
        }
        for (Facts facts : cases) {
            if (facts.values == null) {
                typed(rule, facts);
            }
        }
    }

    /// The constants of all cases that have such and are valid.
    private List<@Nullable Object> values(List<Facts> cases, Collection<Literal> literals) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Facts facts : cases) {
            for (Object value : facts.values == null ? List.<@Nullable Object>of() : facts.values) {
                boolean valid = literals.stream().allMatch(literal -> check.holds(literal, value));
                if (valid && !JsonValues.contains(values, value)) {
                    values.add(value);
                }
                if (values.size() > MAX_VALUES) {
                    throw Grammar.refused("schema: an enum of more than " + MAX_VALUES + " values");
                }
            }
        }
        return values;
    }

    /// All values for which `literals` are so, where they are few constants; null where not.
    @Nullable List<@Nullable Object> constants(Collection<Literal> literals) {
        List<Facts> cases = expansion.of(literals);
        List<@Nullable Object> all = values(cases, literals);
        for (Facts facts : cases) {
            if (facts.values != null) {
                continue;
            }
            for (String type : types(facts)) {
                switch (type) {
                    case "null" -> add(all, null, facts);
                    case "boolean" -> {
                        add(all, true, facts);
                        add(all, false, facts);
                    }
                    default -> {
                        return null;
                    }
                }
            }
        }
        return all;
    }

    private static void add(List<@Nullable Object> all, @Nullable Object value, Facts facts) {
        if (!JsonValues.contains(facts.excluded, value) && !JsonValues.contains(all, value)) {
            all.add(value);
        }
    }

    /// A node after the text of a constant.
    Node constant(Node from, @Nullable Object value) {
        return new ConstantText(grammar, json).after(from, value);
    }

    /// The types of a case: without `type`, those that its other keywords are about (JSON Schema
    /// would allow all the others too, which nobody means).
    private Set<String> types(Facts facts) {
        if (facts.typed || wide) {
            return facts.types;
        }
        Set<String> hinted = new LinkedHashSet<>(facts.types);
        hinted.retainAll(facts.hints);
        return hinted.isEmpty() ? facts.types : hinted;
    }

    private void typed(Rule rule, Facts facts) {
        for (String type : types(facts)) {
            switch (type) {
                case "null" -> word(rule, null, facts);
                case "boolean" -> {
                    word(rule, true, facts);
                    word(rule, false, facts);
                }
                case "string" -> new StringText(grammar, json).write(rule.start, facts, rule.end);
                case "number" -> new NumberText(grammar, json).write(rule.start, facts, rule.end);
                case "object" -> objects.write(rule.start, facts, rule.end);
                default -> grammar.call(rule.start, arrays.write(facts), rule.end);
            }
        }
    }

    private void word(Rule rule, @Nullable Object value, Facts facts) {
        if (!JsonValues.contains(facts.excluded, value)) {
            grammar.jump(grammar.after(rule.start, String.valueOf(value)), rule.end);
        }
    }
}
