package dev.jebena.tokenizers.internal.jinja;

import java.math.BigInteger;
import java.util.List;

/// Reads a number as Python spells it: `12`, `1_000`, `0xff`, `0b11`, `0o17`, `1.5`, `1e9`.
final class NumberLiteral {
    private static final int MAX_DIGITS = 1_000;

    private final String source;
    private final int begin;
    private final int line;
    private int at;

    NumberLiteral(String source, int begin, int line) {
        this.source = source;
        this.begin = begin;
        this.line = line;
        this.at = begin;
    }

    /// Adds the number's token and returns where it ends.
    int addTo(List<Token> tokens) {
        int radix = radix();
        boolean whole = true;
        if (radix != 10) {
            at += 2;
            digits(radix);
        } else {
            digits(10);
            // After a dot, as in `x.0.1`, the digits are an index and no fraction may follow.
            boolean afterDot = begin > 0 && source.charAt(begin - 1) == '.';
            boolean fraction = !afterDot && fraction();
            boolean exponent = !afterDot && exponent();
            whole = !fraction && !exponent;
        }
        String text = source.substring(begin, at).replace("_", "");
        if (text.length() > MAX_DIGITS) {
            throw Template.problem(line, "a number of more than " + MAX_DIGITS + " digits");
        }
        tokens.add(
                whole
                        ? new Token(Token.Kind.INTEGER, decimal(text, radix), line)
                        : new Token(Token.Kind.FLOAT, text, line));
        return at;
    }

    private int radix() {
        if (source.charAt(begin) != '0' || begin + 2 >= source.length()) {
            return 10;
        }
        int radix =
                switch (source.charAt(begin + 1)) {
                    case 'x', 'X' -> 16;
                    case 'o', 'O' -> 8;
                    case 'b', 'B' -> 2;
                    default -> 10;
                };
        return Character.digit(source.charAt(begin + 2), radix) < 0 ? 10 : radix;
    }

    private static String decimal(String text, int radix) {
        return radix == 10
                ? new BigInteger(text).toString()
                : new BigInteger(text.substring(2), radix).toString();
    }

    private void digits(int radix) {
        while (isDigit(at, radix)
                || (at < source.length() && source.charAt(at) == '_' && isDigit(at + 1, radix))) {
            at++;
        }
    }

    private boolean isDigit(int i, int radix) {
        return i < source.length()
                && source.charAt(i) < 128
                && Character.digit(source.charAt(i), radix) >= 0;
    }

    private boolean fraction() {
        if (at < source.length() && source.charAt(at) == '.' && isDigit(at + 1, 10)) {
            at++;
            digits(10);
            return true;
        }
        return false;
    }

    private boolean exponent() {
        if (at >= source.length() || (source.charAt(at) | 0x20) != 'e') {
            return false;
        }
        int sign = at + 1 < source.length() && "+-".indexOf(source.charAt(at + 1)) >= 0 ? 1 : 0;
        if (!isDigit(at + 1 + sign, 10)) {
            return false;
        }
        at += 1 + sign;
        digits(10);
        return true;
    }
}
