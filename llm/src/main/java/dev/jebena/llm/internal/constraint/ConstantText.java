package dev.jebena.llm.internal.constraint;

import dev.jebena.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes constants into a grammar.
final class ConstantText {
    private final Grammar grammar;
    private final JsonText json;

    ConstantText(Grammar grammar, JsonText json) {
        this.grammar = grammar;
        this.json = json;
    }

    /// A node after the text of `value`.
    Node after(Node from, @Nullable Object value) {
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
