package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;

/// The grammar of a constraint.
final class ConstraintGrammar {
    private ConstraintGrammar() {}

    /// The rule for the whole text.
    static Rule of(Constraint constraint) {
        Grammar grammar = new Grammar();
        JsonText json = new JsonText(grammar);
        Rule root =
                switch (constraint) {
                    case Constraint.JsonObject any -> json.anyObject();
                    case Constraint.JsonSchema schema ->
                            new SchemaGrammar(grammar, json, schema.schema()).root();
                };
        grammar.prune(root);
        return root;
    }
}
