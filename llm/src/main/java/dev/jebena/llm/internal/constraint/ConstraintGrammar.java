package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The grammar of a constraint.
final class ConstraintGrammar {
    private ConstraintGrammar() {}

    /// The rule for the whole text.
    static Rule of(Constraint constraint, TokenNames tokens) {
        if (constraint instanceof Constraint.JsonSchema schema) {
            return valid(schema.schema());
        }
        String subject =
                switch (constraint) {
                    case Constraint.Gbnf gbnf -> "grammar";
                    case Constraint.Regex regex -> "regular expression";
                    case Constraint.Choice choice -> "choice";
                    default -> "constraint";
                };
        Grammar grammar = new Grammar(subject, "text");
        Rule root = grammar.rule(false);
        new ConstraintText(grammar, tokens).write(root.start, constraint, root.end);
        grammar.prune(root);
        return root;
    }

    /// Values as they are meant, or, where there are none, all that are valid.
    private static Rule valid(Map<String, ? extends @Nullable Object> schema) {
        for (boolean wide : new boolean[] {false, true}) {
            Grammar grammar = new Grammar("schema", "JSON value");
            Rule root = new SchemaGrammar(grammar, new JsonText(grammar), schema, wide).root();
            if (wide || grammar.isPossible(root)) {
                grammar.prune(root);
                return root;
            }
        }
        throw new AssertionError("both readings were tried");
    }
}
