package dev.jebena.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and writes JSON (RFC 8259) as plain Java values.
///
/// Objects are [LinkedHashMap] (order kept; of a repeated key the last value), arrays [ArrayList],
/// integers [Long] or [BigInteger], other numbers [Double] (infinite when beyond its range), and
/// `null` is `null`. Nesting is bounded, so hostile input cannot overflow the stack.
public final class Json {
    /// Deepest nesting of arrays and objects that [#parse] accepts.
    public static final int MAX_DEPTH = 512;

    private final String text;
    private final int mostValues;
    private int at;
    private int depth;
    private int values;

    private Json(String text, int mostValues) {
        this.text = text;
        this.mostValues = mostValues;
    }

    /// The value that `text` holds. Throws [JsonException] with line and column when it is not
    /// JSON.
    public static @Nullable Object parse(String text) {
        return parse(text, Integer.MAX_VALUE);
    }

    /// The same, but refuses text of more than `mostValues` values, counting those inside arrays
    /// and objects: two characters of hostile text can ask for a hundred bytes of memory.
    public static @Nullable Object parse(String text, int mostValues) {
        Json reader = new Json(text, mostValues);
        reader.skipSpace();
        Object value = reader.value();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.problem("expected the end of the text");
        }
        return value;
    }

    /// `value` as a JSON object; throws [JsonException] when it is something else.
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new JsonException("expected a JSON object, found " + kind(value));
    }

    /// `value` as a JSON array; throws [JsonException] when it is something else.
    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> array(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw new JsonException("expected a JSON array, found " + kind(value));
    }

    /// The JSON name of a value's type: object, array, string, number, boolean or null.
    public static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map -> "object";
            case Collection<?> list -> "array";
            case CharSequence string -> "string";
            case Number number -> "number";
            case Boolean bool -> "boolean";
            default -> value.getClass().getSimpleName();
        };
    }

    /// Compact JSON of maps, collections, strings, numbers, booleans and null; other objects as
    /// their `toString`.
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    quote(String.valueOf(entry.getKey()), out);
                    out.append(':');
                    write(entry.getValue(), out);
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case Collection<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    out.append(separator);
                    write(element, out);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case Double d when d.isNaN() || d.isInfinite() -> out.append("null");
            case Float f when f.isNaN() || f.isInfinite() -> out.append("null");
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            default -> quote(value.toString(), out);
        }
    }

    /// Appends `text` as a JSON string with its quotes.
    public static void quote(String text, StringBuilder out) {
        quote(text, false, out);
    }

    /// Appends `text` as a JSON string with its quotes.
    ///
    /// @param ascii escape everything beyond printable ASCII
    public static void quote(String text, boolean ascii, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7e) || loneSurrogate(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean loneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private @Nullable Object value() {
        if (at == text.length()) {
            throw problem("expected a value");
        }
        if (++values > mostValues) {
            throw problem("more than " + mostValues + " values");
        }
        return switch (text.charAt(at)) {
            case '{' -> readObject();
            case '[' -> readArray();
            case '"' -> readString();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> readNumber();
        };
    }

    private Map<String, @Nullable Object> readObject() {
        enter();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (!closes('}')) {
            do {
                skipSpace();
                if (at == text.length() || text.charAt(at) != '"') {
                    throw problem("expected a key in quotes");
                }
                String key = readString();
                skipSpace();
                expect(':');
                skipSpace();
                map.put(key, value());
            } while (continues('}'));
        }
        depth--;
        return map;
    }

    private List<@Nullable Object> readArray() {
        enter();
        List<@Nullable Object> list = new ArrayList<>();
        if (!closes(']')) {
            do {
                skipSpace();
                list.add(value());
            } while (continues(']'));
        }
        depth--;
        return list;
    }

    private void enter() {
        at++;
        if (++depth > MAX_DEPTH) {
            throw problem("nested deeper than " + MAX_DEPTH + " levels");
        }
    }

    private boolean closes(char end) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return true;
        }
        return false;
    }

    private boolean continues(char end) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == ',') {
            at++;
            return true;
        }
        if (closes(end)) {
            return false;
        }
        throw problem("expected ',' or '" + end + "'");
    }

    private String readString() {
        int start = ++at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(start, at++);
            }
            if (c == '\\') {
                return readEscaped(start);
            }
            if (c < 0x20) {
                throw problem("a control character in a string must be escaped");
            }
            at++;
        }
        throw problem("the string is not closed");
    }

    private String readEscaped(int start) {
        StringBuilder out = new StringBuilder(text.substring(start, at));
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < 0x20) {
                at--;
                throw problem("a control character in a string must be escaped");
            }
            out.append(c == '\\' ? escape() : c);
        }
        throw problem("the string is not closed");
    }

    private char escape() {
        if (at == text.length()) {
            throw problem("the string is not closed");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = at < text.length() ? hexDigit(text.charAt(at)) : -1;
                    if (digit < 0) {
                        throw problem("expected four hexadecimal digits after \\u");
                    }
                    code = code * 16 + digit;
                    at++;
                }
                yield (char) code;
            }
            default -> {
                at--;
                throw problem("no such escape: \\" + c);
            }
        };
    }

    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private @Nullable Object literal(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw problem("expected a value");
        }
        at += word.length();
        return value;
    }

    private Number readNumber() {
        int start = at;
        boolean whole = true;
        if (at < text.length() && text.charAt(at) == '-') {
            at++;
        }
        int first = at;
        digits();
        if (text.charAt(first) == '0' && at > first + 1) {
            at = first;
            throw problem("a number must not begin with 0");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            whole = false;
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            whole = false;
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            digits();
        }
        String number = text.substring(start, at);
        if (!whole) {
            return Double.valueOf(number);
        }
        if (number.length() < 19) {
            return Long.valueOf(number);
        }
        if (number.length() > 1_000) {
            throw problem("a whole number of more than 1000 digits");
        }
        BigInteger big = new BigDecimal(number).toBigInteger();
        return big.bitLength() < 64 ? (Number) big.longValue() : big;
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw problem("expected a value");
        }
    }

    private void expect(char c) {
        if (at == text.length() || text.charAt(at) != c) {
            throw problem("expected '" + c + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    private JsonException problem(String what) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            column = text.charAt(i) == '\n' ? 1 : column + 1;
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        String found = at < text.length() ? "found " + shown(text.charAt(at)) : "the text ends";
        return new JsonException(
                "JSON, line " + line + ", column " + column + ": " + what + ", " + found);
    }

    private static String shown(char c) {
        boolean visible = c > 0x20 && c < 0x7f;
        return visible ? "'" + c + "'" : String.format("the character U+%04X", (int) c);
    }
}
