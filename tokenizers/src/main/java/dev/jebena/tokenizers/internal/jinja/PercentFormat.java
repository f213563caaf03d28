package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import java.util.Map;

/// Python's `format % values`.
final class PercentFormat {
    private final String format;
    private final Object values;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private PercentFormat(String format, Object values, Budget budget) {
        this.format = format;
        this.values = values;
        this.budget = budget;
    }

    static String format(String format, Object values, Budget budget) {
        return new PercentFormat(format, values, budget).format();
    }

    private String format() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at < format.length() && format.charAt(at) == '%') {
                out.append('%');
                at++;
            } else {
                directive();
            }
        }
        if (used < (values instanceof Tuple tuple ? tuple.size() : 1)
                && !(values instanceof Map)
                && !(values instanceof List && !(values instanceof Tuple))) {
            throw new JinjaException("not all arguments converted during string formatting");
        }
        budget.allocate(out.length());
        return out.toString();
    }

    private void directive() {
        Object named = named();
        int flags = at;
        while (at < format.length() && "-+ #0".indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        String flag = format.substring(flags, at);
        int width = number(0);
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = number(0);
        }
        if (at >= format.length()) {
            throw new JinjaException("incomplete format");
        }
        FormatSpec spec =
                new FormatSpec(
                        ' ',
                        flag.contains("-") ? '<' : '>',
                        flag.contains("+") ? '+' : flag.contains(" ") ? ' ' : '-',
                        flag.contains("#"),
                        flag.contains("0") && !flag.contains("-"),
                        width,
                        false,
                        precision,
                        format.charAt(at++));
        out.append(spec.percent(named, budget));
    }

    private Object named() {
        if (at < format.length() && format.charAt(at) == '(') {
            int close = format.indexOf(')', at);
            if (close < 0 || !(values instanceof Map<?, ?> map)) {
                throw new JinjaException("format requires a mapping");
            }
            Object value = map.get(format.substring(at + 1, close));
            at = close + 1;
            if (value == null) {
                throw new JinjaException("format: a key is missing from the mapping");
            }
            return value;
        }
        if (values instanceof Tuple tuple) {
            if (used >= tuple.size()) {
                throw new JinjaException("not enough arguments for format string");
            }
            return tuple.get(used++);
        }
        if (used++ > 0) {
            throw new JinjaException("not enough arguments for format string");
        }
        return values;
    }

    private int number(int fallback) {
        int value = fallback;
        while (at < format.length() && Character.digit(format.charAt(at), 10) >= 0) {
            value = Math.min(100_000, value * 10 + Character.digit(format.charAt(at++), 10));
        }
        return value;
    }
}
