package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.data.internal.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Conditions on rows, as SQL writes them behind WHERE: comparisons of a column with a value (`=`,
/// `<>`, `!=`, `<`, `<=`, `>`, `>=`), `IS [NOT] NULL`, `[NOT] IN (...)`, `[NOT] LIKE 'a%'`, joined
/// by `AND`, `OR`, `NOT` and parentheses. Names of columns stand bare or in `"`, texts in `'`. A
/// missing value makes a comparison neither true nor false, and a row is taken when all is true.
///
/// ```java
/// Dataset good = reviews.filter(Where.parse("stars >= 4 AND language = 'am'", reviews.features()));
/// ```
public final class Where {
    private static final int MAX_DEPTH = 200;

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<text>'(?:[^']|'')*')|(?<name>\"(?:[^\"]|\"\")*\")"
                            + "|(?<number>[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)"
                            + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_.]*)|(?<sign><>|!=|<=|>=|[=<>(),]))");

    private enum Kind {
        TEXT,
        NAME,
        NUMBER,
        WORD,
        SIGN
    }

    private record Token(Kind kind, String text, int at) {}

    /// True, false, or null: not known.
    private interface Condition {
        @Nullable Boolean of(Row row);
    }

    private final String source;
    private final Features features;
    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int depth;

    private Where(String source, Features features) {
        this.source = source;
        this.features = features;
    }

    /// @throws Problem for what is no condition on these columns, with the place in the text
    public static Predicate<Row> parse(String condition, Features features) {
        Where where = new Where(condition, features);
        where.split();
        Condition parsed = where.either();
        if (where.next < where.tokens.size()) {
            throw where.wrong("AND, OR or the end");
        }
        return row -> Boolean.TRUE.equals(parsed.of(row));
    }

    private void split() {
        Matcher matcher = TOKEN.matcher(source);
        int at = 0;
        while (!source.substring(at).isBlank()) {
            matcher.region(at, source.length());
            if (!matcher.lookingAt()) {
                throw problem(at, "this is no name, value or comparison");
            }
            for (Kind kind : Kind.values()) {
                String text = matcher.group(kind.name().toLowerCase(Locale.ROOT));
                if (text != null) {
                    tokens.add(new Token(kind, text, at));
                }
            }
            at = matcher.end();
        }
    }

    private Problem wrong(String wanted) {
        int at = next < tokens.size() ? tokens.get(next).at() : source.length();
        return problem(at, "here %s is expected".formatted(wanted));
    }

    private Problem problem(int at, String what) {
        String rest = source.substring(at).strip();
        String shown = rest.length() > 30 ? rest.substring(0, 30) + "..." : rest;
        return Problem.badRequest(
                "%s: %s"
                        .formatted(
                                rest.isEmpty() ? "at the end" : "at '%s'".formatted(shown), what));
    }

    private @Nullable Token peek() {
        return next < tokens.size() ? tokens.get(next) : null;
    }

    private boolean take(String wanted) {
        Token token = peek();
        boolean plain = token != null && (token.kind() == Kind.WORD || token.kind() == Kind.SIGN);
        boolean taken = token != null && plain && token.text().equalsIgnoreCase(wanted);
        next += taken ? 1 : 0;
        return taken;
    }

    private Condition either() {
        Condition left = both();
        while (take("OR")) {
            Condition one = left;
            Condition other = both();
            left =
                    row -> {
                        Boolean a = one.of(row);
                        Boolean b = Boolean.TRUE.equals(a) ? a : other.of(row);
                        return Boolean.TRUE.equals(b) ? b : a == null ? null : b;
                    };
        }
        return left;
    }

    private Condition both() {
        Condition left = negated();
        while (take("AND")) {
            Condition one = left;
            Condition other = negated();
            left =
                    row -> {
                        Boolean a = one.of(row);
                        Boolean b = Boolean.FALSE.equals(a) ? a : other.of(row);
                        return Boolean.FALSE.equals(b) ? b : a == null ? null : b;
                    };
        }
        return left;
    }

    private Condition negated() {
        if (++depth > MAX_DEPTH) {
            throw problem(tokens.get(Math.min(next, tokens.size() - 1)).at(), "nested too deeply");
        }
        Condition found;
        if (take("NOT")) {
            found = not(negated());
        } else if (take("(")) {
            found = either();
            if (!take(")")) {
                throw wrong("')'");
            }
        } else {
            found = comparison();
        }
        depth--;
        return found;
    }

    private static Condition not(Condition inner) {
        return row -> {
            Boolean value = inner.of(row);
            return value == null ? null : (Boolean) !value;
        };
    }

    private int column() {
        Token token = peek();
        if (token == null || (token.kind() != Kind.NAME && token.kind() != Kind.WORD)) {
            throw wrong("the name of a column");
        }
        next++;
        String text = token.text();
        return features.require(
                token.kind() == Kind.WORD
                        ? text
                        : text.substring(1, text.length() - 1).replace("\"\"", "\""));
    }

    private Condition comparison() {
        int column = column();
        if (take("IS")) {
            boolean present = take("NOT");
            if (!take("NULL")) {
                throw wrong("NULL");
            }
            return row -> (row.get(column) == null) != present;
        }
        boolean opposite = take("NOT");
        if (take("IN")) {
            return opposite ? not(among(column)) : among(column);
        }
        if (take("LIKE")) {
            Condition like = like(column);
            return opposite ? not(like) : like;
        }
        for (String sign : List.of("=", "<>", "!=", "<=", ">=", "<", ">")) {
            if (!opposite && take(sign)) {
                Object value = value(column);
                return row -> {
                    Object own = row.get(column);
                    return own == null ? null : (Boolean) fits(sign, compare(own, value));
                };
            }
        }
        throw wrong("=, <>, <, <=, >, >=, IS, IN or LIKE");
    }

    private Condition among(int column) {
        if (!take("(")) {
            throw wrong("'('");
        }
        List<Object> values = new ArrayList<>();
        do {
            values.add(value(column));
        } while (take(","));
        if (!take(")")) {
            throw wrong("',' or ')'");
        }
        return row -> {
            Object own = row.get(column);
            return own == null
                    ? null
                    : (Boolean) values.stream().anyMatch(v -> compare(own, v) == 0);
        };
    }

    private Condition like(int column) {
        Token token = peek();
        if (token == null || token.kind() != Kind.TEXT) {
            throw wrong("a text in '");
        }
        next++;
        String pattern = unquoted(token.text());
        return row -> {
            Object own = row.get(column);
            return own == null ? null : (Boolean) matches(own.toString(), pattern);
        };
    }

    /// `%` is any text, `_` any character. Goes back to the last `%` only, so the time is bounded
    /// by the product of the lengths.
    private static boolean matches(String text, String pattern) {
        int at = 0;
        int in = 0;
        int star = -1;
        int from = 0;
        while (at < text.length()) {
            char wanted = in < pattern.length() ? pattern.charAt(in) : '\0';
            if (in < pattern.length() && wanted == '%') {
                star = in++;
                from = at;
            } else if (in < pattern.length() && (wanted == '_' || wanted == text.charAt(at))) {
                at++;
                in++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++from;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '%') {
            in++;
        }
        return in == pattern.length();
    }

    private static String unquoted(String text) {
        return text.substring(1, text.length() - 1).replace("''", "'");
    }

    /// A value that the column's can be compared with.
    private Object value(int column) {
        Token token = peek();
        if (token == null) {
            throw wrong("a value");
        }
        FeatureType type = features.type(column);
        Object written =
                switch (token.kind()) {
                    case TEXT -> unquoted(token.text());
                    case NUMBER -> new BigDecimal(token.text());
                    case WORD ->
                            switch (token.text().toLowerCase(Locale.ROOT)) {
                                case "true" -> true;
                                case "false" -> false;
                                default -> throw wrong("a number, a text in ', true or false");
                            };
                    default -> throw wrong("a value");
                };
        Object value = asColumn(written, type);
        if (value == null) {
            throw problem(
                    token.at(), "the column '%s' is %s".formatted(features.name(column), type));
        }
        next++;
        return value;
    }

    private static @Nullable Object asColumn(Object written, FeatureType type) {
        boolean text =
                type instanceof FeatureType.Value plain && plain.kind() == FeatureType.Kind.STRING;
        if (written instanceof BigDecimal number) {
            return text ? number.toPlainString() : isNumber(type) ? number : null;
        }
        try {
            return isNumber(type) && !(type instanceof FeatureType.ClassLabel)
                    ? null
                    : decimal(Values.as(written, type));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static boolean isNumber(FeatureType type) {
        return type instanceof FeatureType.ClassLabel
                || (type instanceof FeatureType.Value value
                        && switch (value.kind()) {
                            case INT, FLOAT, DECIMAL -> true;
                            default -> false;
                        });
    }

    private static @Nullable Object decimal(@Nullable Object value) {
        return switch (value) {
            case Long number -> BigDecimal.valueOf(number);
            case BigInteger number -> new BigDecimal(number);
            case Double number when Double.isFinite(number) -> new BigDecimal(number);
            case null, default -> value;
        };
    }

    private static boolean fits(String sign, int order) {
        return switch (sign) {
            case "=" -> order == 0;
            case "<>", "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /// Not-a-number is larger than all numbers, as in DuckDB and PostgreSQL.
    @SuppressWarnings("unchecked")
    private static int compare(Object own, Object value) {
        if (own instanceof Double number && value instanceof BigDecimal decimal) {
            return Double.isFinite(number)
                    ? new BigDecimal(number).compareTo(exact(decimal))
                    : number == Double.NEGATIVE_INFINITY ? -1 : 1;
        }
        Object mine = decimal(own);
        return mine instanceof Comparable<?> comparable && mine.getClass() == value.getClass()
                ? ((Comparable<Object>) comparable).compareTo(value)
                : own.equals(value) ? 0 : 1;
    }

    /// A column of binary fractions holds what is nearest to the fraction that was written.
    private static BigDecimal exact(BigDecimal written) {
        double nearest = written.doubleValue();
        return Double.isFinite(nearest) ? new BigDecimal(nearest) : written;
    }
}
