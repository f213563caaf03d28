package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Regular expressions of `tokenizer.json` files, written for Oniguruma, in Java's dialect. They
/// come from strangers: an expression that backtracks without end is stopped.
final class Expressions {
    private static final int LONGEST = 10_000;
    private static final Pattern SCRIPT =
            Pattern.compile(
                    "(\\\\[pP]\\{\\^?)(Han|Hiragana|Katakana|Hangul|Latin|Cyrillic|Greek"
                            + "|Arabic|Hebrew|Thai|Devanagari|Bengali|Tamil|Telugu|Khmer|Lao|Myanmar)}");
    private static final Pattern NEGATED = Pattern.compile("\\\\p\\{\\^");

    private Expressions() {}

    static Pattern compile(String expression, String place) {
        if (expression.length() > LONGEST) {
            throw new TokenizerException(
                    place + ": a regular expression of more than " + LONGEST + " characters");
        }
        String java = SCRIPT.matcher(expression).replaceAll("$1Is$2}");
        java = NEGATED.matcher(java).replaceAll("\\\\P{");
        try {
            return Pattern.compile(
                    java,
                    Pattern.UNICODE_CHARACTER_CLASS
                            | Pattern.UNICODE_CASE
                            | Pattern.MULTILINE
                            | Pattern.UNIX_LINES);
        } catch (PatternSyntaxException | StackOverflowError e) {
            String reason =
                    e instanceof PatternSyntaxException syntax
                            ? syntax.getDescription()
                            : "nested too deeply";
            throw new TokenizerException(
                    place + ": the regular expression cannot be used: " + reason, e);
        }
    }

    /// A matcher over `text` that gives up, with a [TokenizerException], after an unreasonable
    /// number of steps.
    static Matcher matcher(Pattern pattern, String text) {
        return pattern.matcher(new Bounded(text, new long[] {1_000_000L + 2_000L * text.length()}));
    }

    /// As [Matcher#find()], where deep recursion is a [TokenizerException], too.
    static boolean find(Matcher matcher) {
        try {
            return matcher.find();
        } catch (StackOverflowError e) {
            throw new TokenizerException(
                    "the regular expression "
                            + matcher.pattern().pattern()
                            + " recurses too deeply for this text",
                    e);
        }
    }

    private record Bounded(String text, long[] budget) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--budget[0] < 0) {
                throw new TokenizerException(
                        "a regular expression of the tokenizer takes too many steps for a text of "
                                + text.length()
                                + " characters");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
