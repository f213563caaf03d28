package dev.jebena.formats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Reads a Python literal, as in the header of a `.npy` file: dicts as maps with string keys,
/// tuples and lists as lists, strings, whole numbers ([Long]) and booleans.
final class PythonLiteral {
    private static final int DEEPEST = 16;

    private final String text;
    private final Function<String, FormatException> problem;
    private int at;
    private int depth;

    /// @param problem makes the error for what is wrong
    PythonLiteral(String text, Function<String, FormatException> problem) {
        this.text = text;
        this.problem = problem;
    }

    Object read() {
        Object value = value();
        if (peek() != 0) {
            throw unexpected("the end");
        }
        return value;
    }

    private Object value() {
        char next = peek();
        return switch (next) {
            case '{' -> map();
            case '(' -> list(')');
            case '[' -> list(']');
            case '\'', '"' -> string();
            case 'T', 'F' -> bool();
            default -> number();
        };
    }

    private Map<String, Object> map() {
        enter();
        Map<String, Object> map = new LinkedHashMap<>();
        while (peek() != '}') {
            if (peek() != '\'' && peek() != '"') {
                throw unexpected("a string");
            }
            String key = string();
            expect(':');
            map.put(key, value());
            comma('}');
        }
        leave();
        return map;
    }

    private List<Object> list(char end) {
        enter();
        List<Object> list = new ArrayList<>();
        while (peek() != end) {
            list.add(value());
            comma(end);
        }
        leave();
        return list;
    }

    private void enter() {
        at++;
        if (++depth > DEEPEST) {
            throw problem.apply("it nests deeper than " + DEEPEST);
        }
    }

    private void leave() {
        at++;
        depth--;
    }

    private void comma(char end) {
        if (peek() != end) {
            expect(',');
        }
    }

    private String string() {
        char quote = text.charAt(at);
        int end = text.indexOf(quote, at + 1);
        if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
            throw unexpected("a string without escapes");
        }
        String string = text.substring(at + 1, end);
        at = end + 1;
        return string;
    }

    private boolean bool() {
        for (String word : List.of("True", "False")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("True");
            }
        }
        throw unexpected("a value");
    }

    private long number() {
        int begin = at;
        while (at < text.length() && (text.charAt(at) == '-' || isDigit(text.charAt(at)))) {
            at++;
        }
        try {
            long number = Long.parseLong(text, begin, at, 10);
            if (at < text.length() && text.charAt(at) == 'L') {
                at++;
            }
            return number;
        } catch (NumberFormatException e) {
            at = begin;
            throw unexpected("a value");
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw unexpected("'" + wanted + "'");
        }
        at++;
    }

    /// The next character that is no space; 0 at the end.
    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private FormatException unexpected(String wanted) {
        int end = Math.min(text.length(), at + 20);
        return problem.apply(
                "expected %s at character %d of the header, found %s"
                        .formatted(
                                wanted,
                                at,
                                at == end ? "its end" : Names.quoted(text.substring(at, end))));
    }
}
