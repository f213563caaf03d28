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
                    case Constraint.JsonObject any -> called(grammar, json.anyObject());
                    case Constraint.JsonSchema schema ->
                            new SchemaGrammar(grammar, json, schema.schema()).root();
                };
        grammar.prune(root);
        return root;
    }

    /// A rule that calls `rule`, so that its nesting counts like that of others.
    private static Rule called(Grammar grammar, Rule rule) {
        Rule root = grammar.rule(false);
        grammar.call(root.start, rule, root.end);
        return root;
    }
}
