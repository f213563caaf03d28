package dev.jebena.tokenizers.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How one value is formatted: Python's format specification, `[[fill]align][sign][#][0][width][,]
/// [.precision][type]`.
///
/// @param align `<`, `>`, `^` or 0 for what the value's type asks for
/// @param precision -1 for none
/// @param type 0 for none
record FormatSpec(
        int fill,
        char align,
        char sign,
        boolean alternate,
        boolean zeros,
        int width,
        boolean grouped,
        int precision,
        char type) {
    private static final Pattern SYNTAX =
            Pattern.compile(
                    "(?:(.)?([<>^=]))?([-+ ])?(#)?(0)?(\\d{1,5})?(,)?(?:\\.(\\d{1,3}))?([a-zA-Z%])?",
                    Pattern.DOTALL);

    static FormatSpec parse(String spec) {
        Matcher matcher = SYNTAX.matcher(spec);
        if (!matcher.matches()) {
            throw new JinjaException("not a format specification: '" + spec + "'");
        }
        return new FormatSpec(
                matcher.group(1) == null ? ' ' : matcher.group(1).codePointAt(0),
                matcher.group(2) == null ? 0 : matcher.group(2).charAt(0),
                matcher.group(3) == null ? '-' : matcher.group(3).charAt(0),
                matcher.group(4) != null,
                matcher.group(5) != null,
                matcher.group(6) == null ? 0 : Integer.parseInt(matcher.group(6)),
                matcher.group(7) != null,
                matcher.group(8) == null ? -1 : Integer.parseInt(matcher.group(8)),
                matcher.group(9) == null ? 0 : matcher.group(9).charAt(0));
    }

    /// `value` for a `%` directive.
    String percent(Object value, Budget budget) {
        return switch (type) {
            case 's' -> padded(cut(Texts.str(value)), false, budget);
            case 'r', 'a' -> padded(cut(Texts.repr(value)), false, budget);
            case 'c' -> padded(Texts.str(value), false, budget);
            case 'd', 'i', 'u', 'x', 'X', 'o', 'e', 'E', 'f', 'F', 'g', 'G' -> {
                if (!Numbers.isNumber(value)) {
                    throw new JinjaException(
                            "%" + type + " needs a number, not " + Values.typeName(value));
                }
                boolean whole = "diu".indexOf(type) >= 0;
                Object number =
                        whole && value instanceof Double real
                                ? Numbers.of(new BigDecimal(real).toBigInteger())
                                : value;
                yield padded(number(number, whole ? 'd' : type), true, budget);
            }
            default -> throw new JinjaException("unsupported format character '" + type + "'");
        };
    }

    /// `value` for a replacement field in braces.
    String brace(Object value, Budget budget) {
        boolean number = Numbers.isNumber(value) && !(value instanceof Boolean && type == 0);
        if (number && type != 's') {
            return padded(number(value, type), true, budget);
        }
        if (type != 0 && type != 's') {
            throw new JinjaException(
                    "format '" + type + "' is not for values of type " + Values.typeName(value));
        }
        return padded(cut(Texts.str(value)), false, budget);
    }

    private String cut(String text) {
        return precision >= 0 && CodePoints.length(text) > precision
                ? CodePoints.substring(text, 0, precision)
                : text;
    }

    private String number(Object value, char kind) {
        String text = kind == 0 && precision < 0 ? Texts.str(plain(value)) : digits(value, kind);
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        return (negative ? "-" : sign == '-' ? "" : String.valueOf(sign)) + group(digits);
    }

    private static Object plain(Object value) {
        return value instanceof Boolean bool ? Long.valueOf(bool ? 1 : 0) : value;
    }

    private String group(String digits) {
        if (!grouped) {
            return digits;
        }
        int end = 0;
        while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
            end++;
        }
        StringBuilder out = new StringBuilder(digits);
        for (int i = end - 3; i > 0; i -= 3) {
            out.insert(i, ',');
        }
        return out.toString();
    }

    private String digits(Object value, char kind) {
        if ("xXob".indexOf(kind) >= 0 && kind != 0) {
            return radix(value, kind);
        }
        if (kind == 'd' && Numbers.isWhole(value)) {
            return Numbers.big(value).toString();
        }
        double real = Numbers.real(value);
        if (Double.isNaN(real) || Double.isInfinite(real)) {
            return Numbers.repr(real);
        }
        int places = precision < 0 ? 6 : precision;
        BigDecimal exact = new BigDecimal(real);
        return switch (kind) {
            case 'f', 'F' -> exact.setScale(places, RoundingMode.HALF_EVEN).toPlainString();
            case '%' ->
                    exact.movePointRight(2).setScale(places, RoundingMode.HALF_EVEN).toPlainString()
                            + "%";
            case 'e', 'E' -> exponential(exact, places, kind);
            case 'g', 'G', 0 -> general(exact, Math.max(1, places));
            default ->
                    throw new JinjaException(
                            "format '" + kind + "' is not for " + Values.typeName(value));
        };
    }

    private String radix(Object value, char kind) {
        if (!Numbers.isWhole(value)) {
            throw new JinjaException("format '" + kind + "' needs an integer");
        }
        BigInteger big = Numbers.big(value);
        int radix = kind == 'o' ? 8 : kind == 'b' ? 2 : 16;
        String digits = big.abs().toString(radix);
        String shown = kind == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
        return (big.signum() < 0 ? "-" : "") + (alternate ? "0" + kind : "") + shown;
    }

    private static String exponential(BigDecimal value, int places, char kind) {
        BigDecimal rounded =
                value.round(new java.math.MathContext(places + 1, RoundingMode.HALF_EVEN));
        int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String digits =
                rounded.movePointLeft(exponent)
                        .setScale(places, RoundingMode.HALF_EVEN)
                        .toPlainString();
        return digits
                + kind
                + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static String general(BigDecimal value, int digits) {
        BigDecimal rounded = value.round(new java.math.MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
        }
        int places = Math.max(0, rounded.stripTrailingZeros().precision() - 1);
        return exponential(rounded, places, 'e');
    }

    private String padded(String text, boolean number, Budget budget) {
        int missing = width - CodePoints.length(text);
        if (missing <= 0) {
            return text;
        }
        budget.allocate(width);
        if (zeros && number && (align == 0 || align == '>')) {
            int signs = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
            return text.substring(0, signs) + "0".repeat(missing) + text.substring(signs);
        }
        String filler = Character.toString(fill);
        return switch (align == 0 ? (number ? '>' : '<') : align) {
            case '<' -> text + filler.repeat(missing);
            case '^' -> filler.repeat(missing / 2) + text + filler.repeat(missing - missing / 2);
            default -> filler.repeat(missing) + text;
        };
    }
}
