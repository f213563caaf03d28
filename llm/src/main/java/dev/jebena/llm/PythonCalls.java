package dev.jebena.llm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls written in Python with keyword arguments that are literals, as Gemma and Llama 4 make
/// them: `[get_weather(city="Paris", days=2)]`, also inside `print(...)`. Nothing is evaluated.
final class PythonCalls {
    private static final int MAX_DEPTH = 50;

    private final String text;
    private int at;

    private PythonCalls(String text) {
        this.text = text;
    }

    /// The calls in `text`; empty when it is anything else.
    static List<ToolCall> parse(String text) {
        try {
            return new PythonCalls(text).calls();
        } catch (NotPython _) {
            return List.of();
        }
    }

    private static final class NotPython extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotPython() {
            super(null, null, false, false);
        }
    }

    private List<ToolCall> calls() {
        List<ToolCall> calls = new ArrayList<>();
        boolean list = skip('[');
        do {
            if (peek() == 0 || peek() == ']') {
                break;
            }
            calls.add(call(false));
        } while (skip(',') || skip(';') || (!list && peek() != 0));
        if (list && !skip(']')) {
            throw new NotPython();
        }
        if (peek() != 0) {
            throw new NotPython();
        }
        return calls;
    }

    private ToolCall call(boolean printed) {
        String name = identifier();
        if (!skip('(')) {
            throw new NotPython();
        }
        if (name.equals("print") && !printed) {
            ToolCall inner = call(true);
            expect(')');
            return inner;
        }
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        while (!skip(')')) {
            String key = identifier();
            expect('=');
            arguments.put(key, literal(0));
            if (!skip(',') && peek() != ')') {
                throw new NotPython();
            }
        }
        return new ToolCall(name, arguments);
    }

    private @Nullable Object literal(int depth) {
        char c = peek();
        if (depth > MAX_DEPTH) {
            throw new NotPython();
        }
        if (c == '"' || c == '\'') {
            return string();
        }
        if (c == '[' || c == '(') {
            at++;
            return list(c == '[' ? ']' : ')', depth);
        }
        if (c == '{') {
            at++;
            return dictionary(depth);
        }
        return word();
    }

    private List<@Nullable Object> list(char end, int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        while (!skip(end)) {
            list.add(literal(depth + 1));
            if (!skip(',') && peek() != end) {
                throw new NotPython();
            }
        }
        return list;
    }

    private Map<String, @Nullable Object> dictionary(int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (!skip('}')) {
            String key = string();
            expect(':');
            map.put(key, literal(depth + 1));
            if (!skip(',') && peek() != '}') {
                throw new NotPython();
            }
        }
        return map;
    }

    private @Nullable Object word() {
        int from = at;
        while (at < text.length() && isWordPart(text.charAt(at))) {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "True", "true" -> true;
            case "False", "false" -> false;
            case "None", "null" -> null;
            default -> number(word);
        };
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0;
    }

    private static Object number(String word) {
        try {
            if (word.matches("[+-]?[0-9]{1,18}")) {
                return Long.parseLong(word);
            }
            if (word.matches("[+-]?[0-9.]{1,40}(?:[eE][+-]?[0-9]{1,3})?")) {
                return Double.parseDouble(word);
            }
        } catch (NumberFormatException _) {
            // Falls through: not a number.
        }
        throw new NotPython();
    }

    private String string() {
        char quote = peek();
        if (quote != '"' && quote != '\'') {
            throw new NotPython();
        }
        at++;
        StringBuilder out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char escaped = text.charAt(at++);
                c =
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            default -> escaped;
                        };
            }
            out.append(c);
        }
        if (at++ >= text.length()) {
            throw new NotPython();
        }
        return out.toString();
    }

    private String identifier() {
        peek();
        int from = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "_.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == from) {
            throw new NotPython();
        }
        return text.substring(from, at);
    }

    private void expect(char c) {
        if (!skip(c)) {
            throw new NotPython();
        }
    }

    private boolean skip(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    /// The next character that is no space; 0 at the end.
    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }
}
