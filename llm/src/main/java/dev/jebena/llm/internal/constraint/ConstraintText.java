package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a constraint and those that it is made of into one grammar.
final class ConstraintText {
    private static final int MAX_CHOICES = 100_000;
    private static final int MAX_REPEAT = 2_000;
    private static final int MAX_DEPTH = 64;

    private final Grammar grammar;
    private final TokenNames tokens;
    private @Nullable JsonText json;
    private int depth;

    ConstraintText(Grammar grammar, TokenNames tokens) {
        this.grammar = grammar;
        this.tokens = tokens;
    }

    void write(Node from, Constraint constraint, Node to) {
        if (++depth > MAX_DEPTH) {
            throw Grammar.refused("the constraint has parts nested deeper than " + MAX_DEPTH);
        }
        switch (constraint) {
            case Constraint.JsonObject any -> grammar.call(from, json().anyObject(), to);
            case Constraint.JsonSchema schema -> schema(from, schema.schema(), to);
            case Constraint.Gbnf gbnf ->
                    grammar.call(from, GbnfText.write(grammar, gbnf.text(), tokens), to);
            case Constraint.Regex regex ->
                    RegexText.plain(grammar)
                            .write(from, RegexParser.parseWhole(regex.pattern()), 0, null, to);
            case Constraint.Choice choice -> choice(from, choice.texts(), to);
            case Constraint.Text text -> grammar.jump(text(from, text.text()), to);
            case Constraint.Free free -> new FreeText(grammar, free.without()).write(from, to);
            case Constraint.Sequence sequence -> sequence(from, sequence.parts(), to);
            case Constraint.Either either -> either(from, either.alternatives(), to);
            case Constraint.Repeated repeated -> repeated(from, repeated, to);
            case Constraint.Tagged tagged -> new TaggedText(grammar, this).write(from, tagged, to);
            case Constraint.Lazy lazy ->
                    throw Grammar.refused("a lazy constraint cannot be a part of another one");
        }
        depth--;
    }

    private JsonText json() {
        JsonText known = json;
        if (known == null) {
            known = new JsonText(grammar);
            json = known;
        }
        return known;
    }

    /// Values as they are meant, or, where there are none, all that are valid.
    private void schema(Node from, Map<String, ? extends @Nullable Object> schema, Node to) {
        Grammar trial = new Grammar("schema", "JSON value");
        Rule narrow = new SchemaGrammar(trial, new JsonText(trial), schema, false).root();
        boolean wide = !trial.isPossible(narrow);
        grammar.call(from, new SchemaGrammar(grammar, json(), schema, wide).root(), to);
    }

    private void choice(Node from, List<String> texts, Node to) {
        if (texts.isEmpty() || texts.size() > MAX_CHOICES) {
            throw Grammar.refused(
                    "choice: expected 1 to %d texts, found %d"
                            .formatted(MAX_CHOICES, texts.size()));
        }
        new Pieces(grammar).choice(texts).write(from, to);
    }

    /// A node after exactly `text`, special tokens in it said as such.
    Node text(Node from, String text) {
        Node at = from;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            int end = markEnd(text, i);
            int token = end < 0 ? -1 : tokens.special(text.substring(i, end));
            if (token >= 0) {
                Node special = grammar.node();
                grammar.token(grammar.after(at, text.substring(begin, i)), token, false, special);
                at = special;
                begin = end;
                i = end - 1;
            }
        }
        return grammar.after(at, text.substring(begin));
    }

    /// The special token that the text begins with, or -1.
    int firstToken(String text) {
        int end = markEnd(text, 0);
        return end < 0 ? -1 : tokens.special(text.substring(0, end));
    }

    /// Where what may be a special token that begins at `from` ends, or -1.
    static int markEnd(String text, int from) {
        if (from >= text.length()) {
            return -1;
        }
        int last =
                switch (text.charAt(from)) {
                    case '<' -> text.indexOf('>', from);
                    case '[' -> text.indexOf(']', from);
                    default -> -1;
                };
        return last < 0 ? -1 : last + 1;
    }

    private void sequence(Node from, List<Constraint> parts, Node to) {
        Node at = from;
        for (Constraint part : parts) {
            Node next = grammar.node();
            write(at, part, next);
            at = next;
        }
        grammar.jump(at, to);
    }

    private void either(Node from, List<Constraint> alternatives, Node to) {
        for (Constraint alternative : alternatives) {
            Node begin = grammar.node();
            grammar.jump(from, begin);
            write(begin, alternative, to);
        }
    }

    private void repeated(Node from, Constraint.Repeated repeated, Node to) {
        if (repeated.least() > MAX_REPEAT) {
            throw Grammar.refused(
                    "%d repetitions; at most %d are supported"
                            .formatted(repeated.least(), MAX_REPEAT));
        }
        int most = repeated.most() > MAX_REPEAT ? -1 : repeated.most();
        Piece part = (start, end) -> write(start, repeated.part(), end);
        new Pieces(grammar).repeated(part, repeated.least(), most).write(from, to);
    }
}
