package dev.jebena.tokenizers.internal.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;

/// Filters that give numbers.
final class NumberFilters {
    private static final Pattern REAL =
            Pattern.compile("[-+]?(\\d[\\d_]*\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    private static final int MAX_DIGITS = 1_000;

    private NumberFilters() {}

    static void addTo(Map<String, Filters.Filter> filters) {
        filters.put("int", NumberFilters::whole);
        filters.put("float", NumberFilters::real);
        filters.put("round", NumberFilters::round);
        filters.put("abs", (value, arguments, budget) -> absolute(value));
    }

    private static Object whole(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("int", "default", "base");
        Object fallback = bound.value("default", 0L);
        if (value instanceof Undefined missing) {
            throw new JinjaException(missing.reason());
        }
        if (Numbers.isWhole(value)) {
            return Numbers.of(Numbers.big(value));
        }
        if (value instanceof Double number) {
            return truncated(number, fallback);
        }
        if (!(value instanceof String text) || text.length() > MAX_DIGITS) {
            return fallback;
        }
        Object parsed = parsed(text, bound.integer("base", 10));
        return parsed instanceof None ? truncated(parseReal(text), fallback) : parsed;
    }

    private static Object truncated(double number, Object fallback) {
        return Double.isNaN(number) || Double.isInfinite(number)
                ? fallback
                : Numbers.of(new BigDecimal(number).toBigInteger());
    }

    private static Object parsed(String text, int base) {
        String digits = StringTrims.strip(text, null).replace("_", "");
        String lower = StringMethods.cased(digits, "lower");
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "\n";
        try {
            return base < Character.MIN_RADIX || base > Character.MAX_RADIX
                    ? None.NONE
                    : Numbers.of(
                            new BigInteger(
                                    lower.startsWith(prefix) ? lower.substring(2) : lower, base));
        } catch (NumberFormatException e) {
            return None.NONE;
        }
    }

    /// The number that `text` spells, or NaN.
    private static double parseReal(String text) {
        String trimmed = StringTrims.strip(text, null);
        return REAL.matcher(trimmed).matches()
                ? Double.parseDouble(trimmed.replace("_", ""))
                : Double.NaN;
    }

    private static Object real(Object value, Arguments arguments, Budget budget) {
        Object fallback = arguments.bind("float", "default").value("default", 0.0);
        if (value instanceof Undefined missing) {
            throw new JinjaException(missing.reason());
        }
        if (Numbers.isNumber(value)) {
            return Numbers.real(value);
        }
        if (!(value instanceof String text) || text.length() > MAX_DIGITS) {
            return fallback;
        }
        double number = parseReal(text);
        return Double.isNaN(number) ? fallback : (Object) number;
    }

    private static Object round(Object value, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("round", "precision", "method");
        int precision = Math.clamp(bound.integer("precision", 0), -400, 400);
        String method = bound.text("method", "common");
        if (!Numbers.isNumber(value)) {
            throw new JinjaException("round needs a number, not " + Values.typeName(value));
        }
        if (method.equals("common") && Numbers.isWhole(value)) {
            return roundWhole(Numbers.big(value), precision);
        }
        double number = Numbers.real(value);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return number;
        }
        double factor = Math.pow(10, precision);
        return switch (method) {
            case "common" ->
                    new BigDecimal(number)
                            .setScale(precision, RoundingMode.HALF_EVEN)
                            .doubleValue();
            case "ceil" -> Math.ceil(number * factor) / factor;
            case "floor" -> Math.floor(number * factor) / factor;
            default -> throw new JinjaException("round: method must be common, ceil or floor");
        };
    }

    private static Object roundWhole(BigInteger value, int precision) {
        return precision >= 0
                ? Numbers.of(value)
                : Numbers.of(
                        new BigDecimal(value)
                                .setScale(precision, RoundingMode.HALF_EVEN)
                                .toBigInteger());
    }

    private static Object absolute(Object value) {
        if (!Numbers.isNumber(value)) {
            throw new JinjaException("abs needs a number, not " + Values.typeName(value));
        }
        return value instanceof Double number
                ? (Object) Math.abs(number)
                : Numbers.of(Numbers.big(value).abs());
    }
}
