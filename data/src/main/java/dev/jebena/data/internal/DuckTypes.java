package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ClassLabel;
import dev.jebena.data.FeatureType.Kind;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Media;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/// Our types and values as DuckDB's, and back.
final class DuckTypes {
    private static final int MAX_PRECISION = 38;

    private DuckTypes() {}

    /// The SQL type of a column.
    static String name(FeatureType type) {
        return switch (type) {
            case Value value -> scalar(value);
            case ClassLabel _ -> "BIGINT";
            case ListOf list -> name(list.element()) + "[]";
            case Struct struct -> struct(struct.fields());
            case Media _ -> struct(Media.STORAGE.fields());
        };
    }

    private static String struct(Features fields) {
        if (fields.size() == 0) {
            return "VARCHAR";
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            all.add(Duck.name(fields.name(i)) + " " + name(fields.type(i)));
        }
        return "STRUCT(" + String.join(", ", all) + ")";
    }

    private static String scalar(Value value) {
        return switch (value.kind()) {
            case NULL, STRING -> "VARCHAR";
            case BOOL -> "BOOLEAN";
            case INT -> value.dtype().equals("uint64") ? "HUGEINT" : "BIGINT";
            case FLOAT -> value.dtype().equals("float64") ? "DOUBLE" : "FLOAT";
            case DECIMAL ->
                    isExact(value) ? value.dtype().replaceFirst("^\\w+", "DECIMAL") : "DOUBLE";
            case BINARY -> "BLOB";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case TIMESTAMP -> "TIMESTAMP";
            case INSTANT -> "TIMESTAMPTZ";
            // Microseconds: the appender has no intervals.
            case DURATION -> "BIGINT";
        };
    }

    /// Precision and scale.
    static int[] decimal(Value value) {
        String[] parts = value.dtype().replaceAll("^\\w+\\(|\\)", "").split(", *");
        return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
    }

    private static boolean isExact(Value value) {
        int[] size = decimal(value);
        return size[0] <= MAX_PRECISION && size[1] >= 0 && size[1] <= size[0];
    }

    static void append(DuckDBAppender to, @Nullable Object value, FeatureType type)
            throws SQLException {
        switch (value) {
            case null -> to.appendNull();
            case Map<?, ?> map when type instanceof Struct s && s.fields().size() == 0 ->
                    to.append(Values.json(map));
            case Map<?, ?> map -> {
                Features fields = type instanceof Struct s ? s.fields() : Media.STORAGE.fields();
                to.beginStruct();
                for (int i = 0; i < fields.size(); i++) {
                    append(to, map.get(fields.name(i)), fields.type(i));
                }
                to.endStruct();
            }
            case List<?> list -> to.append(elements(list, type));
            case Boolean bool -> to.append(bool.booleanValue());
            case Long number when type instanceof Value v && v.dtype().equals("uint64") ->
                    to.append(BigInteger.valueOf(number));
            case Long number -> to.append(number.longValue());
            case BigInteger number -> to.append(number);
            case Double number when name(type).equals("FLOAT") -> to.append(number.floatValue());
            case Double number -> to.append(number.doubleValue());
            case BigDecimal number -> decimal(to, number, (Value) type);
            case byte[] bytes -> to.append(bytes);
            case LocalDate date -> to.append(date);
            case LocalTime time -> to.append(time);
            case LocalDateTime time -> to.append(time);
            case Instant time -> to.append(time.atOffset(ZoneOffset.UTC));
            case Duration time -> to.append(micros(time));
            default -> to.append(value.toString());
        }
    }

    private static long micros(Duration time) {
        return Math.addExact(
                Math.multiplyExact(time.getSeconds(), 1_000_000L), time.getNano() / 1_000);
    }

    private static void decimal(DuckDBAppender to, BigDecimal number, Value type)
            throws SQLException {
        if (isExact(type)) {
            to.append(number.setScale(decimal(type)[1], RoundingMode.HALF_EVEN));
        } else {
            to.append(number.doubleValue());
        }
    }

    /// Values within lists, as the appender wants them.
    private static List<@Nullable Object> elements(List<?> list, FeatureType type) {
        FeatureType element = type instanceof ListOf of ? of.element() : Value.STRING;
        List<@Nullable Object> all = new ArrayList<>(list.size());
        for (Object item : list) {
            all.add(element(item, element));
        }
        return all;
    }

    private static @Nullable Object element(@Nullable Object value, FeatureType type) {
        return switch (value) {
            case null -> null;
            case List<?> list -> elements(list, type);
            case Map<?, ?> map -> {
                Features fields = type instanceof Struct s ? s.fields() : Media.STORAGE.fields();
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                for (int i = 0; i < fields.size(); i++) {
                    all.put(fields.name(i), element(map.get(fields.name(i)), fields.type(i)));
                }
                yield fields.size() == 0 ? Values.json(map) : all;
            }
            case Double number when name(type).equals("FLOAT") -> number.floatValue();
            case Long number when name(type).equals("HUGEINT") -> BigInteger.valueOf(number);
            case Instant time -> time.atOffset(ZoneOffset.UTC);
            case Duration time -> micros(time);
            case BigDecimal number when type instanceof Value v ->
                    isExact(v)
                            ? number.setScale(decimal(v)[1], RoundingMode.HALF_EVEN)
                            : (Object) number.doubleValue();
            default -> value;
        };
    }

    /// The columns of a result; names that are there twice get a number.
    static Features features(ResultSetMetaData meta) throws SQLException {
        List<String> names = new ArrayList<>();
        List<FeatureType> types = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            String name = meta.getColumnName(i);
            String unique = name;
            for (int n = 1; !taken.add(unique); n++) {
                unique = name + "_" + n;
            }
            names.add(unique);
            types.add(new DuckTypeName(meta.getColumnTypeName(i)).parse());
        }
        return Features.of(names, types);
    }

    /// A value of a result as ours.
    static @Nullable Object value(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case Blob blob -> blob.getBytes(1, (int) blob.length());
            case Array array -> {
                List<@Nullable Object> all = new ArrayList<>();
                for (Object item : (Object[]) array.getArray()) {
                    all.add(value(item));
                }
                yield all;
            }
            case DuckDBStruct struct -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                for (Map.Entry<String, Object> entry : struct.getMap().entrySet()) {
                    all.put(entry.getKey(), value(entry.getValue()));
                }
                yield all;
            }
            case Map<?, ?> map -> {
                List<@Nullable Object> all = new ArrayList<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    Map<String, @Nullable Object> pair = new LinkedHashMap<>();
                    pair.put("key", value(entry.getKey()));
                    pair.put("value", value(entry.getValue()));
                    all.add(pair);
                }
                yield all;
            }
            case Timestamp time -> time.toLocalDateTime();
            case OffsetDateTime time -> time.toInstant();
            case BigInteger number ->
                    number.bitLength() < 64 ? (Object) number.longValue() : number;
            case UUID id -> id.toString();
            case Boolean _, String _, BigDecimal _, LocalDate _, LocalTime _, LocalDateTime _ ->
                    value;
            case Number _ -> Values.plain(value);
            default -> value.toString();
        };
    }

    static Kind kind(String name) {
        return switch (name) {
            case "BOOLEAN" -> Kind.BOOL;
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> Kind.INT;
            case "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT" -> Kind.INT;
            case "FLOAT", "DOUBLE" -> Kind.FLOAT;
            case "BLOB" -> Kind.BINARY;
            case "DATE" -> Kind.DATE;
            case "TIME" -> Kind.TIME;
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> Kind.TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE" -> Kind.INSTANT;
            default -> Kind.STRING;
        };
    }
}
