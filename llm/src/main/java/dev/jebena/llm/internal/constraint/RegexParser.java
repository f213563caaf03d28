package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Parses the regular expressions of `pattern`: the part of ECMA-262 that describes a regular
/// language. An expression without `^` or `$` may match anywhere in the string.
final class RegexParser {
    private static final int MAX_LENGTH = 1 << 18;
    private static final int MAX_DEPTH = 50;
    private static final int MAX_REPEAT = 2_000;
    private static final int LAST = Character.MAX_CODE_POINT;
    private static final List<int[]> DIGITS = List.of(new int[] {'0', '9'});
    private static final List<int[]> WORD =
            List.of(
                    new int[] {'0', '9'},
                    new int[] {'A', 'Z'},
                    new int[] {'_', '_'},
                    new int[] {'a', 'z'});
    private static final List<int[]> SPACE =
            List.of(
                    new int[] {9, 13},
                    new int[] {' ', ' '},
                    new int[] {0xa0, 0xa0},
                    new int[] {0x2028, 0x2029});
    private static final RegexNode ANYTHING =
            new RegexNode.Repeat(new RegexNode.OneOf(List.of(new int[] {0, LAST})), 0, -1);

    private final String source;
    private final String where;
    private int at;
    private int depth;

    private RegexParser(String source, String where) {
        this.source = source;
        this.where = where;
    }

    /// An expression that may match anywhere in a string.
    ///
    /// @param where the JSON pointer, for errors
    static RegexNode parse(String source, String where) {
        return new RegexParser(source, "schema, " + where + ": the pattern").whole(true);
    }

    /// An expression that must match the whole text. Anchors at its ends change nothing.
    static RegexNode parseWhole(String source) {
        if (source.length() > MAX_LENGTH) {
            throw Grammar.refused(
                    "the regular expression has %d characters; at most %d are supported"
                            .formatted(source.length(), MAX_LENGTH));
        }
        return new RegexParser(source, "the regular expression").whole(false);
    }

    private RegexNode whole(boolean searches) {
        RegexNode node = choice();
        if (at < source.length()) {
            throw unsupported("an unmatched ')'");
        }
        return Anchors.resolve(node, searches ? ANYTHING : null);
    }

    private dev.jebena.llm.LlmException unsupported(String what) {
        return Grammar.refused(
                "%s '%s' contains %s, which is not supported".formatted(where, brief(), what));
    }

    private String brief() {
        return source.length() > 200 ? source.substring(0, 200) + "..." : source;
    }

    private boolean more() {
        return at < source.length();
    }

    private boolean skip(char c) {
        if (more() && source.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private RegexNode choice() {
        if (++depth > MAX_DEPTH) {
            throw unsupported("groups nested deeper than " + MAX_DEPTH);
        }
        List<RegexNode> alternatives = new ArrayList<>();
        do {
            alternatives.add(sequence());
        } while (skip('|'));
        depth--;
        return alternatives.size() == 1
                ? alternatives.getFirst()
                : new RegexNode.Choice(alternatives);
    }

    private RegexNode sequence() {
        List<RegexNode> parts = new ArrayList<>();
        while (more() && source.charAt(at) != '|' && source.charAt(at) != ')') {
            if (skip('^')) {
                parts.add(new RegexNode.Anchor(true));
            } else if (skip('$')) {
                parts.add(new RegexNode.Anchor(false));
            } else {
                parts.add(quantified(atom()));
            }
        }
        return new RegexNode.Sequence(parts);
    }

    private RegexNode quantified(RegexNode atom) {
        RegexNode node = atom;
        int least = 0;
        int most = -1;
        if (skip('?')) {
            most = 1;
        } else if (skip('+')) {
            least = 1;
        } else if (more()
                && source.charAt(at) == '{'
                && at + 1 < source.length()
                && isDigit(at + 1)) {
            at++;
            least = number();
            most = skip(',') ? (more() && isDigit(at) ? number() : -1) : least;
            if (!skip('}') || (most >= 0 && most < least)) {
                throw unsupported("a malformed {m,n}");
            }
        } else if (!skip('*')) {
            return node;
        }
        // Lazy or not, the same strings match.
        skip('?');
        return new RegexNode.Repeat(node, least, most);
    }

    private boolean isDigit(int i) {
        return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
    }

    private int number() {
        int value = 0;
        while (isDigit(at)) {
            value = value * 10 + source.charAt(at++) - '0';
            if (value > MAX_REPEAT) {
                throw unsupported("more than " + MAX_REPEAT + " repetitions");
            }
        }
        return value;
    }

    private RegexNode atom() {
        int c = source.codePointAt(at);
        at += Character.charCount(c);
        return switch (c) {
            case '(' -> group();
            case '[' -> characterClass();
            case '.' ->
                    new RegexNode.OneOf(
                            complement(
                                    List.of(
                                            new int[] {'\n', '\n'},
                                            new int[] {'\r', '\r'},
                                            new int[] {0x2028, 0x2029})));
            case '\\' -> new RegexNode.OneOf(escape());
            case '*', '+', '?' -> throw unsupported("a quantifier with nothing before it");
            default -> new RegexNode.OneOf(List.of(new int[] {c, c}));
        };
    }

    private RegexNode group() {
        if (skip('?')) {
            boolean named =
                    source.startsWith("<", at)
                            && !source.startsWith("<=", at)
                            && !source.startsWith("<!", at);
            int close = source.indexOf('>', at);
            if (named && close > 0) {
                at = close + 1;
            } else if (!skip(':')) {
                throw unsupported(
                        isLookAround() ? "look-ahead or look-behind" : "a group of flags '(?'");
            }
        }
        RegexNode inner = choice();
        if (!skip(')')) {
            throw unsupported("a group that is not closed");
        }
        return inner;
    }

    private boolean isLookAround() {
        return Stream.of("=", "!", "<=", "<!").anyMatch(sign -> source.startsWith(sign, at));
    }

    private List<int[]> escape() {
        if (!more()) {
            throw unsupported("a '\\' at its end");
        }
        char c = source.charAt(at++);
        return switch (c) {
            case 'd' -> DIGITS;
            case 'D' -> complement(DIGITS);
            case 'w' -> WORD;
            case 'W' -> complement(WORD);
            case 's' -> SPACE;
            case 'S' -> complement(SPACE);
            case 'n' -> one('\n');
            case 't' -> one('\t');
            case 'r' -> one('\r');
            case 'f' -> one('\f');
            case 'v' -> one(11);
            case '0' -> one(0);
            case 'x' -> one(hex(2));
            case 'u' -> one(hex(4));
            case 'p', 'P' -> property(c == 'P');
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw unsupported("'\\" + c + "'");
                }
                yield one(c);
            }
        };
    }

    private List<int[]> property(boolean negated) {
        int close = source.indexOf('}', at);
        if (!skip('{') || close < 0) {
            throw unsupported("a '\\p' without {property}");
        }
        String name = source.substring(at, close);
        at = close + 1;
        List<int[]> ranges = CharacterProperties.ranges(name);
        if (ranges == null) {
            throw unsupported("the property '" + name + "'");
        }
        return negated ? complement(ranges) : ranges;
    }

    private static List<int[]> one(int c) {
        return List.of(new int[] {c, c});
    }

    private int hex(int digits) {
        if (at + digits > source.length()) {
            throw unsupported("an incomplete escape");
        }
        String text = source.substring(at, at + digits);
        at += digits;
        try {
            return Integer.parseInt(text, 16);
        } catch (NumberFormatException e) {
            throw unsupported("the escape " + text);
        }
    }

    private RegexNode characterClass() {
        boolean negated = skip('^');
        List<int[]> ranges = new ArrayList<>();
        while (!skip(']')) {
            List<int[]> first = classAtom();
            boolean range =
                    at + 1 < source.length()
                            && source.charAt(at) == '-'
                            && source.charAt(at + 1) != ']';
            if (!range || first.size() != 1 || first.getFirst()[0] != first.getFirst()[1]) {
                ranges.addAll(first);
                continue;
            }
            at++;
            List<int[]> last = classAtom();
            if (last.size() != 1 || last.getFirst()[0] < first.getFirst()[0]) {
                throw unsupported("a malformed range in []");
            }
            ranges.add(new int[] {first.getFirst()[0], last.getFirst()[1]});
        }
        return new RegexNode.OneOf(negated ? complement(ranges) : ranges);
    }

    private List<int[]> classAtom() {
        if (!more()) {
            throw unsupported("a '[' that is not closed");
        }
        int c = source.codePointAt(at);
        at += Character.charCount(c);
        if (c == '\\') {
            return skip('b') ? one('\b') : skip('-') ? one('-') : escape();
        }
        return one(c);
    }

    /// All characters that are not in `ranges`.
    static List<int[]> complement(List<int[]> ranges) {
        List<int[]> sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(range -> range[0]));
        List<int[]> rest = new ArrayList<>();
        int next = 0;
        for (int[] range : sorted) {
            if (range[0] > next) {
                rest.add(new int[] {next, range[0] - 1});
            }
            next = Math.max(next, range[1] + 1);
        }
        if (next <= LAST) {
            rest.add(new int[] {next, LAST});
        }
        return rest;
    }
}
