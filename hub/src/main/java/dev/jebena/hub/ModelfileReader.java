package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Cuts a Modelfile into instructions.
final class ModelfileReader {
    private static final String QUOTES = "\"\"\"";
    private static final List<String> KEYED = List.of("PARAMETER", "MESSAGE");
    private static final List<String> NAMES =
            List.of(
                    "FROM",
                    "PARAMETER",
                    "TEMPLATE",
                    "SYSTEM",
                    "LICENSE",
                    "MESSAGE",
                    "ADAPTER",
                    "RENDERER",
                    "PARSER",
                    "REQUIRES");

    /// @param name in upper case
    /// @param key the word before the value of PARAMETER and MESSAGE, else empty
    /// @param line where it begins, from 1
    record Instruction(String name, String key, String value, int line) {}

    private final String text;
    private int at;
    private int line = 1;

    ModelfileReader(String text) {
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        this.text = plain.replace("\r\n", "\n");
    }

    /// The next instruction; null at the end.
    @Nullable Instruction next() {
        skipBlankAndComments();
        if (at == text.length()) {
            return null;
        }
        int begin = line;
        String word = word();
        String name = word.toUpperCase(Locale.ROOT);
        if (!NAMES.contains(name)) {
            String near = Suggestions.nearest(name, NAMES);
            throw problem(
                    begin,
                    "unknown instruction '%s'; %s"
                            .formatted(
                                    word.length() > 40 ? word.substring(0, 40) + "..." : word,
                                    near != null
                                            ? "did you mean " + near + "?"
                                            : "expected one of " + String.join(", ", NAMES)));
        }
        String key = "";
        if (KEYED.contains(name)) {
            skipSpaces();
            key = word();
            if (key.isEmpty()) {
                throw problem(
                        begin,
                        name.equals("MESSAGE")
                                ? "MESSAGE needs a role and a text"
                                : "PARAMETER needs a name and a value");
            }
        }
        skipSpaces();
        String value = value(begin);
        if (!key.isEmpty() && value.isEmpty() && name.equals("PARAMETER")) {
            throw problem(begin, "PARAMETER " + key + " needs a value");
        }
        return new Instruction(name, key, value, begin);
    }

    private String value(int begin) {
        if (text.startsWith(QUOTES, at)) {
            at += QUOTES.length();
            String value = tripleQuoted(begin);
            restOfLineMustBeBlank();
            return value;
        }
        int end = lineEnd();
        String rest = text.substring(at, end).strip();
        advance(end);
        if (rest.length() >= 2 && rest.startsWith("\"") && rest.endsWith("\"")) {
            return rest.substring(1, rest.length() - 1);
        }
        if (rest.startsWith("\"")) {
            throw problem(
                    begin,
                    "the quote \" is not closed on its line; use " + QUOTES + " for several");
        }
        return rest;
    }

    /// Up to the closing quotes. Of a run of more than three the last three close, so that a text
    /// may end with a quote.
    private String tripleQuoted(int begin) {
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            if (text.startsWith("\\" + QUOTES, at)) {
                value.append(QUOTES);
                at += 1 + QUOTES.length();
            } else if (text.startsWith(QUOTES, at)) {
                while (at + 3 < text.length() && text.charAt(at + 3) == '"') {
                    value.append('"');
                    at++;
                }
                at += QUOTES.length();
                return value.toString();
            } else {
                char c = text.charAt(at++);
                line += c == '\n' ? 1 : 0;
                value.append(c);
            }
        }
        throw problem(begin, "the quotes " + QUOTES + " are not closed");
    }

    private void restOfLineMustBeBlank() {
        int end = lineEnd();
        String rest = text.substring(at, end).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
            throw problem(
                    line,
                    "unexpected text after the closing quotes: '%s'"
                            .formatted(rest.length() > 40 ? rest.substring(0, 40) + "..." : rest));
        }
        advance(end);
    }

    private void skipBlankAndComments() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                advance(lineEnd());
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return;
            }
        }
    }

    private void skipSpaces() {
        while (at < text.length()
                && text.charAt(at) != '\n'
                && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String word() {
        int begin = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return text.substring(begin, at);
    }

    private int lineEnd() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private void advance(int end) {
        at = end;
    }

    private static Problem problem(int line, String message) {
        return Problem.badRequest("Modelfile line " + line + ": " + message);
    }
}
