package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Python's `split`, `rsplit` and `splitlines`.
final class StringSplits {
    private StringSplits() {}

    /// @param separator null for runs of whitespace
    /// @param limit how many cuts at most; negative for no limit
    static List<String> split(String text, @Nullable String separator, int limit, boolean right) {
        if (separator == null) {
            return right ? wordsFromRight(text, limit) : words(text, limit);
        }
        if (separator.isEmpty()) {
            throw new JinjaException("empty separator");
        }
        return right ? fromRight(text, separator, limit) : fromLeft(text, separator, limit);
    }

    private static List<String> fromLeft(String text, String separator, int limit) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int at;
        while (parts.size() != limit && (at = text.indexOf(separator, from)) >= 0) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<String> fromRight(String text, String separator, int limit) {
        List<String> parts = new ArrayList<>();
        int end = text.length();
        int at;
        while (parts.size() != limit
                && end >= separator.length()
                && (at = text.lastIndexOf(separator, end - separator.length())) >= 0) {
            parts.add(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    private static List<String> words(String text, int limit) {
        List<String> parts = new ArrayList<>();
        int at = skip(text, 0, true);
        while (at < text.length()) {
            if (parts.size() == limit) {
                parts.add(text.substring(at));
                break;
            }
            int end = skip(text, at, false);
            parts.add(text.substring(at, end));
            at = skip(text, end, true);
        }
        return parts;
    }

    private static int skip(String text, int from, boolean space) {
        int at = from;
        while (at < text.length() && StringTrims.isSpace(text.charAt(at)) == space) {
            at++;
        }
        return at;
    }

    private static List<String> wordsFromRight(String text, int limit) {
        List<String> parts = new ArrayList<>();
        int end = skipBack(text, text.length(), true);
        while (end > 0) {
            if (parts.size() == limit) {
                parts.add(text.substring(0, end));
                break;
            }
            int begin = skipBack(text, end, false);
            parts.add(text.substring(begin, end));
            end = skipBack(text, begin, true);
        }
        Collections.reverse(parts);
        return parts;
    }

    private static int skipBack(String text, int from, boolean space) {
        int at = from;
        while (at > 0 && StringTrims.isSpace(text.charAt(at - 1)) == space) {
            at--;
        }
        return at;
    }

    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (!isLineEnd(text.charAt(i))) {
                continue;
            }
            int end = i;
            if (text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                i++;
            }
            lines.add(text.substring(from, keepEnds ? i + 1 : end));
            from = i + 1;
        }
        if (from < text.length()) {
            lines.add(text.substring(from));
        }
        return lines;
    }

    private static boolean isLineEnd(char c) {
        return (c >= 10 && c <= 13)
                || (c >= 0x1c && c <= 0x1e)
                || c == 0x85
                || c == 0x2028
                || c == 0x2029;
    }
}
