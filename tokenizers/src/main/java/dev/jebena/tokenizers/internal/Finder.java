package dev.jebena.tokenizers.internal;

import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what separates, or makes, the pieces of a text.
@FunctionalInterface
interface Finder {
    /// Start and end of each match in `text[from, to)`, in order; none is empty.
    int[] find(byte[] text, int from, int to);

    /// Each character of a class by itself.
    static Finder of(IntPredicate inClass) {
        return (text, from, to) -> {
            Ids found = new Ids(16);
            int at = from;
            while (at < to) {
                int end = at + CodePoints.length(text[at]);
                if (inClass.test(CodePoints.at(text, at))) {
                    found.add(at);
                    found.add(end);
                }
                at = end;
            }
            return found.toArray();
        };
    }

    static Finder literal(byte[] word) {
        return (text, from, to) -> {
            Ids found = new Ids(16);
            int at = from;
            while (word.length > 0 && at + word.length <= to) {
                if (matches(text, at, word)) {
                    found.add(at);
                    at += word.length;
                    found.add(at);
                } else {
                    at++;
                }
            }
            return found.toArray();
        };
    }

    private static boolean matches(byte[] text, int at, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (text[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    static Finder expression(Pattern pattern) {
        return (text, from, to) -> {
            String string = Utf8.string(text, from, to);
            Matcher matcher = Expressions.matcher(pattern, string);
            Ids found = new Ids(16);
            int chars = 0;
            int bytes = from;
            while (Expressions.find(matcher)) {
                if (matcher.end() > matcher.start()) {
                    bytes += Utf8.length(string, chars, matcher.start());
                    found.add(bytes);
                    bytes += Utf8.length(string, matcher.start(), matcher.end());
                    found.add(bytes);
                    chars = matcher.end();
                }
            }
            return found.toArray();
        };
    }
}
