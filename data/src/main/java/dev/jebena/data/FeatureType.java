package dev.jebena.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The type of a column. Each type has one Java class for its values, named below; a value may
/// always be null.
public sealed interface FeatureType {
    /// A plain value.
    ///
    /// @param kind decides the Java class
    /// @param dtype Arrow's name of the type, as Hugging Face writes it: `int32`, `timestamp[us]`
    record Value(Kind kind, String dtype) implements FeatureType {
        public static final Value NULL = new Value(Kind.NULL, "null");
        public static final Value BOOL = new Value(Kind.BOOL, "bool");
        public static final Value INT64 = new Value(Kind.INT, "int64");
        public static final Value FLOAT32 = new Value(Kind.FLOAT, "float32");
        public static final Value FLOAT64 = new Value(Kind.FLOAT, "float64");
        public static final Value STRING = new Value(Kind.STRING, "string");
        public static final Value BINARY = new Value(Kind.BINARY, "binary");
        public static final Value DATE = new Value(Kind.DATE, "date32");
        public static final Value TIME = new Value(Kind.TIME, "time64[us]");
        public static final Value TIMESTAMP = new Value(Kind.TIMESTAMP, "timestamp[us]");
        public static final Value INSTANT = new Value(Kind.INSTANT, "timestamp[us, tz=UTC]");
        public static final Value DURATION = new Value(Kind.DURATION, "duration[us]");

        @Override
        public Object json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("dtype", dtype);
            json.put("_type", "Value");
            return json;
        }

        @Override
        public String toString() {
            return dtype;
        }
    }

    /// What a plain value is in Java.
    enum Kind {
        /// Nothing but nulls.
        NULL,
        /// [Boolean].
        BOOL,
        /// [Long]; [BigInteger] where an unsigned number of 64 bits does not fit.
        INT,
        /// [Double].
        FLOAT,
        /// [BigDecimal].
        DECIMAL,
        /// [String].
        STRING,
        /// `byte[]`.
        BINARY,
        /// [LocalDate].
        DATE,
        /// [LocalTime].
        TIME,
        /// [LocalDateTime].
        TIMESTAMP,
        /// [Instant].
        INSTANT,
        /// [Duration].
        DURATION
    }

    /// One of a list of names; the value is its number, a [Long].
    record ClassLabel(List<String> names) implements FeatureType {
        public ClassLabel {
            names = List.copyOf(names);
        }

        @Override
        public Object json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("names", names);
            json.put("_type", "ClassLabel");
            return json;
        }

        @Override
        public String toString() {
            return "label of " + names.size();
        }
    }

    /// A [List] of values of one type. Maps of Parquet and Arrow are lists of structs of `key` and
    /// `value`.
    record ListOf(FeatureType element) implements FeatureType {
        @Override
        public Object json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("feature", element.json());
            json.put("_type", "List");
            return json;
        }

        @Override
        public String toString() {
            return "list<" + element + ">";
        }
    }

    /// Named values; in Java a [Map] in the fields' order.
    record Struct(Features fields) implements FeatureType {
        @Override
        public Object json() {
            return fields.json();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("struct<");
            for (int i = 0; i < fields.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(fields.name(i)).append(": ");
                text.append(fields.type(i));
            }
            return text.append('>').toString();
        }
    }

    /// A picture or a sound: a [Map] with `bytes` (`byte[]`, or null where only the path is known)
    /// and `path` (a text or null), as Hugging Face stores them.
    record Media(boolean image) implements FeatureType {
        /// The type of what is stored.
        public static final Struct STORAGE =
                new Struct(Features.of("bytes", Value.BINARY).with("path", Value.STRING));

        @Override
        public Object json() {
            return Map.of("_type", image ? "Image" : "Audio");
        }

        @Override
        public String toString() {
            return image ? "image" : "audio";
        }
    }

    FeatureType IMAGE = new Media(true);
    FeatureType AUDIO = new Media(false);

    /// As Hugging Face's `dataset_info` writes it: `{"dtype": "int64", "_type": "Value"}`.
    Object json();

    /// The narrowest type that holds this value; [Value#NULL] for null.
    ///
    /// @throws IllegalArgumentException for a class that is no value of a data set
    static FeatureType of(@Nullable Object value) {
        return switch (value) {
            case null -> Value.NULL;
            case Boolean _ -> Value.BOOL;
            case Byte _, Short _, Integer _, Long _ -> Value.INT64;
            case BigInteger _ -> new Value(Kind.INT, "uint64");
            case Float _, Double _ -> Value.FLOAT64;
            case BigDecimal d -> decimal(Math.max(d.precision(), d.scale()), d.scale());
            case CharSequence _ -> Value.STRING;
            case byte[] _ -> Value.BINARY;
            case LocalDate _ -> Value.DATE;
            case LocalTime _ -> Value.TIME;
            case LocalDateTime _ -> Value.TIMESTAMP;
            case Instant _ -> Value.INSTANT;
            case Duration _ -> Value.DURATION;
            case List<?> list -> new ListOf(ofElements(list));
            case Map<?, ?> map -> new Struct(ofFields(map));
            default ->
                    throw new IllegalArgumentException(
                            "not a value of a data set: a " + value.getClass().getName());
        };
    }

    /// `decimal128(10, 2)`.
    static Value decimal(int precision, int scale) {
        return new Value(
                Kind.DECIMAL,
                "decimal%d(%d, %d)".formatted(precision > 38 ? 256 : 128, precision, scale));
    }

    private static FeatureType ofElements(List<?> list) {
        FeatureType element = Value.NULL;
        for (Object item : list) {
            FeatureType type = of(item);
            FeatureType both = element.equals(type) ? type : widest(element, type);
            if (both == null) {
                throw new IllegalArgumentException(
                        "a list of values of two types: %s and %s".formatted(element, type));
            }
            element = both;
        }
        return element;
    }

    private static Features ofFields(Map<?, ?> map) {
        List<String> names = new ArrayList<>();
        List<FeatureType> types = new ArrayList<>();
        map.forEach((name, value) -> {
            names.add(String.valueOf(name));
            types.add(of(value));
        });
        return Features.of(names, types);
    }

    /// The type that holds the values of both: whole numbers among fractions are fractions, structs
    /// have the fields of both; null where there is none.
    static @Nullable FeatureType widest(FeatureType a, FeatureType b) {
        if (a.equals(b) || b.equals(Value.NULL)) {
            return a;
        }
        if (a.equals(Value.NULL)) {
            return b;
        }
        if (a instanceof Value x && b instanceof Value y) {
            return Widening.of(x, y);
        }
        if (a instanceof ListOf x && b instanceof ListOf y) {
            FeatureType element = widest(x.element(), y.element());
            return element == null ? null : new ListOf(element);
        }
        if (a instanceof Struct x && b instanceof Struct y) {
            Features fields = Widening.of(x.fields(), y.fields());
            return fields == null ? null : new Struct(fields);
        }
        return null;
    }
}
