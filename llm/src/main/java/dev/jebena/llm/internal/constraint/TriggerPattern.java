package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.LlmException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression that ends the free text of a lazy constraint. As it comes from strangers,
/// it may look at a bounded number of characters only.
final class TriggerPattern {
    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_LOOKS = 2_000_000;

    private final Pattern pattern;
    private final boolean whole;

    /// @param whole whether it must match all of the text
    TriggerPattern(String source, boolean whole) {
        this.whole = whole;
        if (source.length() > MAX_LENGTH) {
            throw Grammar.refused(
                    "grammar_triggers: a pattern has %d characters; at most %d are supported"
                            .formatted(source.length(), MAX_LENGTH));
        }
        try {
            this.pattern = Pattern.compile(source);
        } catch (PatternSyntaxException e) {
            throw Grammar.refused(
                    "grammar_triggers: the pattern '%s': %s".formatted(source, e.getDescription()));
        }
    }

    /// Where the constraint begins: with the match, or, of a pattern for the whole text, at the
    /// first group that has a text; -1 where the pattern does not match.
    int find(CharSequence text) {
        try {
            Matcher matcher = pattern.matcher(new Watched(text, new int[1]));
            if (whole ? !matcher.matches() : !matcher.find()) {
                return -1;
            }
            for (int group = 1; whole && group <= matcher.groupCount(); group++) {
                if (matcher.start(group) >= 0 && matcher.end(group) > matcher.start(group)) {
                    return matcher.start(group);
                }
            }
            return matcher.start();
        } catch (StackOverflowError e) {
            throw tooCostly();
        }
    }

    private LlmException tooCostly() {
        return Grammar.refused(
                "grammar_triggers: the pattern '%s' takes too long to match".formatted(pattern));
    }

    /// Counts how often its characters are looked at.
    private final class Watched implements CharSequence {
        private final CharSequence text;
        private final int[] looks;

        Watched(CharSequence text, int[] looks) {
            this.text = text;
            this.looks = looks;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > MAX_LOOKS) {
                throw tooCostly();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Watched(text.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
