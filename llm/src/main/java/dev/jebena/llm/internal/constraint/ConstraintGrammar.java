package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The grammar of a constraint.
final class ConstraintGrammar {
    private static final int MAX_CHOICES = 100_000;

    private ConstraintGrammar() {}

    /// The rule for the whole text.
    ///
    /// @param tokens the id of a token by its text, or -1
    static Rule of(Constraint constraint, ToIntFunction<String> tokens) {
        return switch (constraint) {
            case Constraint.JsonObject any -> {
                Grammar grammar = new Grammar("schema", "JSON value");
                yield pruned(grammar, called(grammar, new JsonText(grammar).anyObject()));
            }
            case Constraint.JsonSchema schema -> valid(schema.schema());
            case Constraint.Gbnf gbnf -> {
                Grammar grammar = new Grammar("grammar", "text");
                yield pruned(grammar, GbnfText.write(grammar, gbnf.text(), tokens));
            }
            case Constraint.Regex regex -> {
                Grammar grammar = new Grammar("regular expression", "text");
                yield pruned(grammar, matching(grammar, regex.pattern()));
            }
            case Constraint.Choice choice -> {
                Grammar grammar = new Grammar("choice", "text");
                yield pruned(grammar, oneOf(grammar, choice.texts()));
            }
        };
    }

    /// Values as they are meant, or, where there are none, all that are valid.
    private static Rule valid(Map<String, ? extends @Nullable Object> schema) {
        for (boolean wide : new boolean[] {false, true}) {
            Grammar grammar = new Grammar("schema", "JSON value");
            Rule root = new SchemaGrammar(grammar, new JsonText(grammar), schema, wide).root();
            if (wide || grammar.isPossible(root)) {
                return pruned(grammar, root);
            }
        }
        throw new AssertionError("both readings were tried");
    }

    private static Rule pruned(Grammar grammar, Rule root) {
        grammar.prune(root);
        return root;
    }

    /// A rule that calls `rule`, so that its nesting counts like that of others.
    private static Rule called(Grammar grammar, Rule rule) {
        Rule root = grammar.rule(false);
        grammar.call(root.start, rule, root.end);
        return root;
    }

    private static Rule matching(Grammar grammar, String pattern) {
        Rule root = grammar.rule(false);
        RegexNode regex = RegexParser.parseWhole(pattern);
        RegexText.plain(grammar).write(root.start, regex, 0, null, root.end);
        return root;
    }

    private static Rule oneOf(Grammar grammar, List<String> texts) {
        if (texts.isEmpty() || texts.size() > MAX_CHOICES) {
            throw Grammar.refused(
                    "choice: expected 1 to %d texts, found %d"
                            .formatted(MAX_CHOICES, texts.size()));
        }
        Rule root = grammar.rule(false);
        new Pieces(grammar).choice(texts).write(root.start, root.end);
        return root;
    }
}
