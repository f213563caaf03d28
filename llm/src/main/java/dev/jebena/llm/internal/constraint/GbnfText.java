package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a grammar in llama.cpp's notation (GBNF) into a grammar: rules `name ::= ...` with
/// alternatives, groups, texts, classes, `.`, the repetitions `*`, `+`, `?`, `{m,n}`, tokens
/// `<name>`, `<[id]>`, `!<name>`, and comments. The text is one of the rule `root`.
final class GbnfText {
    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_RULES = 20_000;
    private static final int MAX_REPEAT = 2_000;
    private static final int MAX_QUANTIFIERS = 16;

    /// @param position of its first mention
    private record Named(Rule rule, int position) {}

    private final Grammar grammar;
    private final Pieces pieces;
    private final GbnfReader in;
    private final TokenNames tokens;
    private final Map<String, Named> rules = new LinkedHashMap<>();
    private final Set<String> defined = new HashSet<>();
    private int depth;

    private GbnfText(Grammar grammar, String source, TokenNames tokens) {
        this.grammar = grammar;
        this.pieces = new Pieces(grammar);
        this.in = new GbnfReader(source);
        this.tokens = tokens;
    }

    /// The rule `root`.
    static Rule write(Grammar grammar, String source, TokenNames tokens) {
        if (source.length() > MAX_LENGTH) {
            throw Grammar.refused(
                    "the grammar has %d characters; at most %d are supported"
                            .formatted(source.length(), MAX_LENGTH));
        }
        return new GbnfText(grammar, source, tokens).root();
    }

    private Rule root() {
        in.skipSpace(true);
        while (in.more()) {
            rule();
        }
        rules.forEach((name, named) -> {
            if (!defined.contains(name)) {
                throw in.error("no rule '" + name + "' is defined", named.position());
            }
        });
        Named root = rules.get("root");
        if (root == null) {
            throw Grammar.refused("the grammar has no rule 'root', from which a text begins");
        }
        return root.rule();
    }

    private void rule() {
        int position = in.position();
        String name = in.name();
        in.skipSpace(false);
        in.expect("::=");
        in.skipSpace(true);
        Rule rule = named(name, position);
        if (!defined.add(name)) {
            throw in.error("the rule '" + name + "' is defined twice", position);
        }
        alternatives(false).write(rule.start, rule.end);
        if (in.more() && !in.skip("\r") && in.peek() != '\n') {
            throw in.error("expected the end of the rule '" + name + "'");
        }
        in.skipSpace(true);
    }

    private Rule named(String name, int position) {
        Named known = rules.get(name);
        if (known == null) {
            if (rules.size() >= MAX_RULES) {
                throw in.error("more than " + MAX_RULES + " rules", position);
            }
            Rule rule = grammar.rule(false);
            rule.name = name;
            known = new Named(rule, position);
            rules.put(name, known);
        }
        return known.rule();
    }

    private Piece alternatives(boolean nested) {
        if (++depth > MAX_DEPTH) {
            throw in.error("groups nested deeper than " + MAX_DEPTH);
        }
        List<Piece> all = new ArrayList<>();
        all.add(sequence(nested));
        while (in.skip("|")) {
            in.skipSpace(true);
            all.add(sequence(nested));
        }
        depth--;
        return all.size() == 1 ? all.getFirst() : pieces.alternatives(all);
    }

    private Piece sequence(boolean nested) {
        List<Piece> parts = new ArrayList<>();
        while (in.more()) {
            int position = in.position();
            Piece part = symbol();
            if (part == null) {
                break;
            }
            in.skipSpace(nested);
            parts.add(repeated(part, position, nested));
        }
        return pieces.sequence(parts);
    }

    /// The next symbol without repetition; null where the sequence ends.
    private @Nullable Piece symbol() {
        int position = in.position();
        return switch (in.peek()) {
            case '"' -> text();
            case '[' -> characterClass();
            case '(' -> {
                in.skip("(");
                in.skipSpace(true);
                Piece group = alternatives(true);
                in.expect(")");
                yield group;
            }
            case '.' -> {
                in.skip(".");
                yield pieces.oneOf(List.of(new int[] {0, Character.MAX_CODE_POINT}));
            }
            case '<', '!' -> token();
            default -> in.isName() ? reference(position) : null;
        };
    }

    private Piece reference(int position) {
        Rule rule = named(in.name(), position);
        return (from, to) -> grammar.call(from, rule, to);
    }

    private Piece text() {
        in.expect("\"");
        List<Integer> text = new ArrayList<>();
        while (!in.skip("\"")) {
            text.add(in.character());
        }
        return pieces.text(text.stream().mapToInt(c -> c).toArray());
    }

    private Piece characterClass() {
        in.expect("[");
        boolean negated = in.skip("^");
        List<int[]> ranges = new ArrayList<>();
        while (!in.skip("]")) {
            int position = in.position();
            int first = in.character();
            int last = first;
            if (in.peek() == '-') {
                in.skip("-");
                if (in.peek() == ']') {
                    ranges.add(new int[] {'-', '-'});
                } else {
                    last = in.character();
                }
            }
            if (last < first) {
                throw in.error("a range that ends before it begins", position);
            }
            ranges.add(new int[] {first, last});
        }
        return pieces.oneOf(negated ? RegexParser.complement(ranges) : ranges);
    }

    private Piece token() {
        int position = in.position();
        boolean negated = in.skip("!");
        String name = in.token();
        boolean numbered = name.matches("\\[[0-9]{1,9}\\]");
        int id =
                numbered
                        ? Integer.parseInt(name.substring(1, name.length() - 1))
                        : tokens.id("<" + name + ">");
        if (id < 0) {
            throw in.error("the model has no token '<" + name + ">'", position);
        }
        return (from, to) -> grammar.token(from, id, negated, to);
    }

    private Piece repeated(Piece part, int position, boolean nested) {
        Piece result = part;
        for (int i = 0; i < MAX_QUANTIFIERS; i++) {
            int least = 0;
            int most = -1;
            if (in.skip("?")) {
                most = 1;
            } else if (in.skip("+")) {
                least = 1;
            } else if (in.skip("{")) {
                in.skipSpace(nested);
                least = in.number();
                in.skipSpace(nested);
                most = least;
                if (in.skip(",")) {
                    in.skipSpace(nested);
                    most = in.isDigit() ? in.number() : -1;
                    in.skipSpace(nested);
                }
                in.expect("}");
            } else if (!in.skip("*")) {
                return result;
            }
            result = pieces.repeated(result, least, checked(least, most, position));
            in.skipSpace(nested);
        }
        throw in.error("more than " + MAX_QUANTIFIERS + " repetitions of one symbol", position);
    }

    /// The upper bound, or -1 where it is so large that it does not matter.
    private int checked(int least, int most, int position) {
        if (least > MAX_REPEAT) {
            throw in.error(
                    "%d repetitions; at most %d are supported".formatted(least, MAX_REPEAT),
                    position);
        }
        if (most >= 0 && most < least) {
            throw in.error("repetitions {%d,%d}".formatted(least, most), position);
        }
        return most > MAX_REPEAT ? -1 : most;
    }
}
