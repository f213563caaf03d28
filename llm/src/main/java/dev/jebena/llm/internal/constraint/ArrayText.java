package dev.jebena.llm.internal.constraint;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the arrays of a schema into a grammar.
final class ArrayText {
    private final Grammar grammar;
    private final JsonText json;
    private final SchemaGrammar schemas;

    ArrayText(Grammar grammar, JsonText json, SchemaGrammar schemas) {
        this.grammar = grammar;
        this.json = json;
        this.schemas = schemas;
    }

    Rule write(Map<String, @Nullable Object> schema, String pointer) {
        List<@Nullable Object> prefix = SchemaKeywords.list(schema, "prefixItems", pointer);
        int least = SchemaKeywords.least(schema, "minItems", pointer);
        Integer most = SchemaKeywords.most(schema, "maxItems", pointer);
        // A tuple without `items` is meant to have no further elements.
        Object items = schema.getOrDefault("items", prefix.isEmpty());
        Rule further = schemas.rule(items, pointer + "/items");
        Rule rule = grammar.rule(true);
        Node at = grammar.after(grammar.after(rule.start, "["), json.space());
        for (int i = 0; ; i++) {
            if (i >= least) {
                Node spaced = i == 0 ? at : grammar.after(at, json.space());
                grammar.bytes(spaced, ']', ']', rule.end);
            }
            if (most != null && i >= most) {
                return rule;
            }
            Node before = i == 0 ? at : next(at);
            boolean inPrefix = i < prefix.size();
            Rule element =
                    inPrefix ? schemas.rule(prefix.get(i), pointer + "/prefixItems/" + i) : further;
            at = grammar.after(before, element);
            if (!inPrefix && i + 1 >= least && most == null) {
                grammar.call(next(at), further, at);
                grammar.bytes(grammar.after(at, json.space()), ']', ']', rule.end);
                return rule;
            }
        }
    }

    /// A node after a comma, before the next element.
    private Node next(Node done) {
        Node spaced = grammar.after(grammar.after(done, json.space()), ",");
        return grammar.after(spaced, json.space());
    }
}
