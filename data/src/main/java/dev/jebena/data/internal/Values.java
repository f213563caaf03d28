package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ClassLabel;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Media;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Values of rows: their plain form, as another type, as JSON.
public final class Values {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Values() {}

    /// One class for each kind: numbers become [Long] or [Double], arrays and collections lists.
    public static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Byte _, Short _, Integer _ -> ((Number) value).longValue();
            case Float number -> number.doubleValue();
            case CharSequence text -> text.toString();
            case byte[] _ -> value;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((k, v) -> plain.put(String.valueOf(k), plain(v)));
                yield plain;
            }
            case Iterable<?> items -> {
                List<@Nullable Object> plain = new ArrayList<>();
                items.forEach(item -> plain.add(plain(item)));
                yield plain;
            }
            default -> value.getClass().isArray() ? elements(value) : value;
        };
    }

    private static List<@Nullable Object> elements(Object array) {
        List<@Nullable Object> plain = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            plain.add(plain(Array.get(array, i)));
        }
        return plain;
    }

    /// The value as one of this type.
    ///
    /// @param value plain
    /// @throws IllegalArgumentException when it is none, with a message that names both
    public static @Nullable Object as(@Nullable Object value, FeatureType type) {
        if (value == null) {
            return null;
        }
        Object found =
                switch (type) {
                    case Value plain -> scalar(value, plain);
                    case ClassLabel label -> label(value, label);
                    case ListOf list -> value instanceof List<?> items ? list(items, list) : null;
                    case Struct struct -> struct(value, struct.fields());
                    case Media _ ->
                            value instanceof byte[] bytes
                                    ? media(bytes)
                                    : struct(value, Media.STORAGE.fields());
                };
        if (found == null) {
            throw new IllegalArgumentException(
                    "%s where %s is expected".formatted(brief(value), type));
        }
        return found;
    }

    private static Map<String, @Nullable Object> media(byte[] bytes) {
        Map<String, @Nullable Object> media = new LinkedHashMap<>();
        media.put("bytes", bytes);
        media.put("path", null);
        return media;
    }

    private static @Nullable Object scalar(Object value, Value type) {
        return switch (type.kind()) {
            case NULL -> null;
            case BOOL -> value instanceof Boolean ? value : null;
            case INT -> value instanceof Long || value instanceof BigInteger ? value : whole(value);
            case FLOAT -> value instanceof Number n ? (Object) n.doubleValue() : null;
            case DECIMAL -> decimal(value);
            case STRING -> text(value);
            case BINARY -> value instanceof byte[] ? value : null;
            case DATE -> value instanceof LocalDate ? value : parsed(value, LocalDate::parse);
            case TIME -> value instanceof LocalTime ? value : parsed(value, LocalTime::parse);
            case TIMESTAMP -> value instanceof LocalDateTime ? value : timestamp(value);
            case INSTANT -> value instanceof Instant ? value : parsed(value, Instant::parse);
            case DURATION -> value instanceof Duration ? value : parsed(value, Duration::parse);
        };
    }

    private static @Nullable Object whole(Object value) {
        return value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1L << 53
                ? (Object) d.longValue()
                : null;
    }

    private static @Nullable Object decimal(Object value) {
        return switch (value) {
            case BigDecimal d -> d;
            case BigInteger i -> new BigDecimal(i);
            case Long n -> BigDecimal.valueOf(n);
            case Double d when Double.isFinite(d) -> BigDecimal.valueOf(d);
            default -> null;
        };
    }

    /// Numbers and truths among texts are texts, as in a CSV column.
    private static @Nullable Object text(Object value) {
        boolean plain =
                value instanceof String || value instanceof Number || value instanceof Boolean;
        return plain ? value.toString() : null;
    }

    private static @Nullable Object timestamp(Object value) {
        return value instanceof LocalDate date
                ? date.atStartOfDay()
                : parsed(value, text -> LocalDateTime.parse(text.replace(' ', 'T')));
    }

    private interface Parser {
        Object parse(String text);
    }

    private static @Nullable Object parsed(Object value, Parser parser) {
        if (!(value instanceof String text)) {
            return null;
        }
        try {
            return parser.parse(text);
        } catch (java.time.DateTimeException _) {
            return null;
        }
    }

    private static @Nullable Object label(Object value, ClassLabel label) {
        int size = label.names().size();
        if (value instanceof Long number) {
            return number >= -1 && number < size ? number : null;
        }
        int at = value instanceof String name ? label.names().indexOf(name) : -1;
        return at < 0 ? null : (Object) (long) at;
    }

    private static List<@Nullable Object> list(List<?> items, ListOf type) {
        List<@Nullable Object> all = new ArrayList<>(items.size());
        for (Object item : items) {
            all.add(as(item, type.element()));
        }
        return all;
    }

    private static @Nullable Object struct(Object value, Features fields) {
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        for (Object name : map.keySet()) {
            if (fields.indexOf(String.valueOf(name)) < 0) {
                throw new IllegalArgumentException(
                        "a field '%s' where only %s are expected".formatted(name, fields.names()));
            }
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            all.put(fields.name(i), as(map.get(fields.name(i)), fields.type(i)));
        }
        return all;
    }

    /// The value in few characters, for a message.
    public static String brief(@Nullable Object value) {
        String text = value instanceof byte[] b ? b.length + " bytes" : String.valueOf(value);
        String cut = text.length() > 60 ? text.substring(0, 57) + "..." : text;
        return value instanceof String ? "'" + cut.replace("\n", "\\n") + "'" : cut;
    }

    /// Equal values; arrays by their content, numbers that are not a number as equal.
    public static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (a instanceof byte[] x && b instanceof byte[] y) {
            return Arrays.equals(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            Iterator<?> other = y.iterator();
            return x.size() == y.size() && x.stream().allMatch(v -> equal(v, other.next()));
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.keySet().equals(y.keySet())
                    && x.keySet().stream().allMatch(k -> equal(x.get(k), y.get(k)));
        }
        return a == null ? b == null : a.equals(b);
    }

    /// What JSON can say: bytes in base 64, times as ISO 8601 writes them, numbers that are none as
    /// texts.
    public static @Nullable Object jsonValue(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case Double d when !Double.isFinite(d) -> d.toString();
            case LocalDate _, LocalTime _, LocalDateTime _, Instant _, Duration _ ->
                    value.toString();
            case List<?> list -> {
                List<@Nullable Object> all = new ArrayList<>(list.size());
                list.forEach(item -> all.add(jsonValue(item)));
                yield all;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((k, v) -> all.put(String.valueOf(k), jsonValue(v)));
                yield all;
            }
            default -> value;
        };
    }

    /// JSON text, as [#jsonValue] has it.
    public static String json(@Nullable Object value) {
        return JSON.writeValueAsString(jsonValue(value));
    }

    /// Microseconds since 1970, in UTC.
    static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L),
                instant.getNano() / 1_000);
    }

    static long micros(LocalDateTime time) {
        return micros(time.toInstant(ZoneOffset.UTC));
    }
}
