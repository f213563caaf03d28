package dev.jebena.tokenizers.internal.jinja;

/// Attribute paths of filters, such as `function.name` or `items.0`.
final class Paths {
    private Paths() {}

    static Object follow(Object value, Object path, Budget budget) {
        if (!(path instanceof String text)) {
            return Attributes.item(value, path, budget);
        }
        Object result = value;
        for (String part : StringSplits.split(text, ".", -1, false)) {
            boolean place = part.length() < 10 && StringKinds.holds("isdecimal", part);
            result = Attributes.item(result, place ? (Object) Long.valueOf(part) : part, budget);
        }
        return result;
    }

    /// Like [#follow], with `fallback` in place of what is not there.
    static Object follow(Object value, Object path, Object fallback, Budget budget) {
        Object found = follow(value, path, budget);
        return found instanceof Undefined ? fallback : found;
    }

    /// Strings in lower case where case does not count.
    static Object folded(Object value, boolean caseSensitive) {
        return value instanceof String text && !caseSensitive
                ? StringMethods.cased(text, "lower")
                : value;
    }
}
