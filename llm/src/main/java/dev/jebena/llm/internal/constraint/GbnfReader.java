package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.LlmException;

/// The characters of a GBNF grammar, with errors that name line and column.
final class GbnfReader {
    private static final int END = -1;

    private final int[] source;
    private int at;

    GbnfReader(String text) {
        this.source = text.codePoints().toArray();
    }

    int position() {
        return at;
    }

    boolean more() {
        return at < source.length;
    }

    int peek() {
        return peek(0);
    }

    private int peek(int ahead) {
        return at + ahead < source.length ? source[at + ahead] : END;
    }

    boolean skip(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (peek(i) != text.charAt(i)) {
                return false;
            }
        }
        at += text.length();
        return true;
    }

    void expect(String text) {
        if (!skip(text)) {
            throw error("expected '" + text + "'" + found());
        }
    }

    private String found() {
        return more() ? ", found '" + Character.toString(peek()) + "'" : ", found the end";
    }

    /// Blanks and comments, and line ends where those do not end a rule.
    void skipSpace(boolean lines) {
        while (more()) {
            int c = peek();
            if (c == '#') {
                while (more() && peek() != '\n' && peek() != '\r') {
                    at++;
                }
            } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
                at++;
            } else {
                return;
            }
        }
    }

    boolean isName() {
        int c = peek();
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-';
    }

    String name() {
        StringBuilder name = new StringBuilder();
        while (isName()) {
            name.appendCodePoint(source[at++]);
        }
        if (name.isEmpty()) {
            throw error("expected the name of a rule" + found());
        }
        return name.toString();
    }

    boolean isDigit() {
        return peek() >= '0' && peek() <= '9';
    }

    /// A whole number, cut off at a billion.
    int number() {
        if (!isDigit()) {
            throw error("expected a number" + found());
        }
        long value = 0;
        while (isDigit()) {
            value = Math.min(1_000_000_000L, value * 10 + source[at++] - '0');
        }
        return (int) value;
    }

    /// One character of a text or class, with its escape.
    int character() {
        if (!more()) {
            throw error("the grammar ends within a text or a class");
        }
        int c = source[at++];
        if (c != '\\') {
            return c;
        }
        int escape = peek();
        at++;
        return switch (escape) {
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case '\\', '"', '[', ']', '-' -> escape;
            default -> {
                at -= 2;
                throw error(
                        "unknown escape; there are \\x \\u \\U \\t \\r \\n \\\\ \\\" \\[ \\] \\-");
            }
        };
    }

    private int hex(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = more() ? Character.digit(peek(), 16) : -1;
            if (digit < 0 || peek() > 'f') {
                throw error("expected " + digits + " hexadecimal digits" + found());
            }
            value = value * 16 + digit;
            at++;
        }
        if (value > Character.MAX_CODE_POINT || (value >= 0xd800 && value <= 0xdfff)) {
            throw error("no such character: U+" + Long.toHexString(value));
        }
        return (int) value;
    }

    /// What stands between `<` and `>`.
    String token() {
        expect("<");
        StringBuilder text = new StringBuilder();
        while (peek() != '>') {
            if (!more() || peek() == '\n') {
                throw error("a token '<...' without '>'");
            }
            text.appendCodePoint(source[at++]);
        }
        at++;
        return text.toString();
    }

    LlmException error(String what) {
        return error(what, at);
    }

    LlmException error(String what, int position) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(position, source.length); i++) {
            if (source[i] == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return Grammar.refused("grammar, line %d, column %d: %s".formatted(line, column, what));
    }
}
