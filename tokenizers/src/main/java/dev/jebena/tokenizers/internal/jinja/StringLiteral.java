package dev.jebena.tokenizers.internal.jinja;

/// The escapes of Python string literals.
final class StringLiteral {
    private final String text;
    private final int line;
    private int at;

    private StringLiteral(String text, int line) {
        this.text = text;
        this.line = line;
    }

    /// The value of a literal, given what stands between its quotes.
    static String unescape(String text, int line) {
        return text.indexOf('\\') < 0 ? text : new StringLiteral(text, line).value();
    }

    private String value() {
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                escape(out);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private void escape(StringBuilder out) {
        char c = text.charAt(at++);
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(c);
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'v' -> out.append('\u000b');
            case 'a' -> out.append('\u0007');
            case 'x' -> out.appendCodePoint(hex(2));
            case 'u' -> out.append((char) hex(4));
            case 'U' -> out.appendCodePoint(hex(8));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int code = c - '0';
                for (int i = 0; i < 2 && at < text.length() && isOctal(text.charAt(at)); i++) {
                    code = code * 8 + (text.charAt(at++) - '0');
                }
                out.append((char) code);
            }
            default -> out.append('\\').append(c);
        }
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }

    private int hex(int digits) {
        int code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw Template.problem(line, "a string has an incomplete \\x, \\u or \\U escape");
            }
            code = code << 4 | digit;
            at++;
        }
        if (!Character.isValidCodePoint(code)) {
            throw Template.problem(line, "a string has an escape that is not a character");
        }
        return code;
    }
}
