package dev.jebena.formats;

/// The strings of pickle protocol 0, which are written with escapes.
final class PickleText {
    private PickleText() {}

    /// A Python literal: `'...'` or `"..."`.
    static String quoted(String literal) {
        int end = literal.length() - 1;
        char quote = end > 0 ? literal.charAt(0) : 0;
        if ((quote != '\'' && quote != '"') || literal.charAt(end) != quote) {
            throw new IllegalArgumentException(
                    "expected a string in quotes, found " + Names.quoted(literal));
        }
        StringBuilder out = new StringBuilder();
        for (int i = 1; i < end; i++) {
            char c = literal.charAt(i);
            if (c != '\\' || ++i == end) {
                out.append(c);
                continue;
            }
            char escape = literal.charAt(i);
            switch (escape) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'x' -> {
                    out.append((char) hex(literal, i + 1, 2));
                    i += 2;
                }
                default -> out.append(escape);
            }
        }
        return out.toString();
    }

    /// Python's raw-unicode-escape: only `\\u` and `\\U` are escapes.
    static String unicode(String line) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char next = i + 1 < line.length() ? line.charAt(i + 1) : 0;
            if (line.charAt(i) == '\\' && (next == 'u' || next == 'U')) {
                int digits = next == 'u' ? 4 : 8;
                int code = hex(line, i + 2, digits);
                if (!Character.isValidCodePoint(code)) {
                    throw new IllegalArgumentException("no character has the number " + code);
                }
                out.appendCodePoint(code);
                i += 1 + digits;
            } else {
                out.append(line.charAt(i));
            }
        }
        return out.toString();
    }

    private static int hex(String text, int from, int digits) {
        try {
            return Integer.parseUnsignedInt(text, from, Math.min(text.length(), from + digits), 16);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "an escape without its digits in " + Names.quoted(text), e);
        }
    }
}
