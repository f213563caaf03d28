package dev.jebena.data.internal;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.SchemaNode;
import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.Kind;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Media;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Parquet's types and values as ours.
final class ParquetTypes {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    private ParquetTypes() {}

    static Features features(List<SchemaNode> nodes) {
        return Features.of(
                nodes.stream().map(SchemaNode::name).toList(),
                nodes.stream().map(ParquetTypes::type).toList());
    }

    private static FeatureType type(SchemaNode node) {
        FeatureType type =
                switch (node) {
                    case SchemaNode.PrimitiveNode primitive -> primitive(primitive);
                    case SchemaNode.GroupNode group -> group(group);
                    default -> throw new IllegalArgumentException("unknown node " + node.name());
                };
        boolean list = node instanceof SchemaNode.GroupNode g && (g.isList() || g.isMap());
        boolean repeated = node.repetitionType() == RepetitionType.REPEATED;
        return repeated && !list ? new ListOf(type) : type;
    }

    private static FeatureType group(SchemaNode.GroupNode group) {
        if (group.isList()) {
            return new ListOf(element(group.getListElement()));
        }
        if (group.isMap()) {
            Features entry =
                    Features.of("key", element(group.getMapKey()))
                            .with("value", element(group.getMapValue()));
            return new ListOf(new Struct(entry));
        }
        return new Struct(features(group.children()));
    }

    /// The repetition of what is inside a list is the list's.
    private static FeatureType element(SchemaNode node) {
        return node instanceof SchemaNode.PrimitiveNode primitive
                ? primitive(primitive)
                : group((SchemaNode.GroupNode) node);
    }

    private static FeatureType primitive(SchemaNode.PrimitiveNode node) {
        LogicalType logical = node.logicalType();
        if (logical != null) {
            FeatureType known = logical(logical);
            if (known != null) {
                return known;
            }
        }
        return switch (node.type()) {
            case BOOLEAN -> Value.BOOL;
            case INT32 -> new Value(Kind.INT, "int32");
            case INT64 -> Value.INT64;
            case INT96 -> new Value(Kind.TIMESTAMP, "timestamp[ns]");
            case FLOAT -> Value.FLOAT32;
            case DOUBLE -> Value.FLOAT64;
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> Value.BINARY;
        };
    }

    private static @Nullable FeatureType logical(LogicalType type) {
        return switch (type) {
            case LogicalType.StringType _, LogicalType.EnumType _, LogicalType.JsonType _ ->
                    Value.STRING;
            case LogicalType.UuidType _ -> Value.STRING;
            case LogicalType.DateType _ -> Value.DATE;
            case LogicalType.DecimalType d -> FeatureType.decimal(d.precision(), d.scale());
            case LogicalType.IntType i ->
                    new Value(Kind.INT, (i.isSigned() ? "int" : "uint") + i.bitWidth());
            case LogicalType.TimeType t ->
                    new Value(
                            Kind.TIME,
                            (unit(t.unit()).equals("ms")
                                    ? "time32[ms]"
                                    : "time64[" + unit(t.unit()) + "]"));
            case LogicalType.TimestampType t ->
                    t.isAdjustedToUTC()
                            ? new Value(Kind.INSTANT, "timestamp[" + unit(t.unit()) + ", tz=UTC]")
                            : new Value(Kind.TIMESTAMP, "timestamp[" + unit(t.unit()) + "]");
            case LogicalType.Float16Type _ -> new Value(Kind.FLOAT, "float16");
            case LogicalType.NullType _ -> Value.NULL;
            default -> null;
        };
    }

    private static String unit(LogicalType.TimeUnit unit) {
        String name = unit.toString().toLowerCase(Locale.ROOT);
        return name.startsWith("mil") ? "ms" : name.startsWith("mic") ? "us" : "ns";
    }

    /// A value of the library as one of this type.
    static @Nullable Object value(@Nullable Object value, FeatureType type) {
        return switch (value) {
            case null -> null;
            case PqStruct struct -> struct(struct, fields(type));
            case PqList list -> {
                List<@Nullable Object> all = new ArrayList<>(list.size());
                for (int i = 0; i < list.size(); i++) {
                    all.add(list.isNull(i) ? null : value(list.get(i), element(type)));
                }
                yield all;
            }
            case PqMap map -> map(map, fields(element(type)));
            case Integer number ->
                    dtype(type).equals("uint32")
                            ? (Object) (number & 0xffff_ffffL)
                            : (Object) number.longValue();
            case Long number ->
                    number < 0 && dtype(type).equals("uint64")
                            ? (Object) BigInteger.valueOf(number).add(TWO_64)
                            : (Object) number;
            case Float number -> number.doubleValue();
            case UUID id -> id.toString();
            case Instant time when type instanceof Value v && v.kind() == Kind.TIMESTAMP ->
                    LocalDateTime.ofInstant(time, ZoneOffset.UTC);
            case LocalDateTime time when type instanceof Value v && v.kind() == Kind.INSTANT ->
                    time.toInstant(ZoneOffset.UTC);
            default -> value;
        };
    }

    private static String dtype(FeatureType type) {
        return type instanceof Value value ? value.dtype() : "";
    }

    private static FeatureType element(FeatureType type) {
        return type instanceof ListOf list ? list.element() : Value.NULL;
    }

    private static Features fields(FeatureType type) {
        return switch (type) {
            case Struct struct -> struct.fields();
            case Media _ -> Media.STORAGE.fields();
            default -> Features.none();
        };
    }

    private static Map<String, @Nullable Object> struct(PqStruct struct, Features fields) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (int i = 0; i < struct.getFieldCount(); i++) {
            String name = struct.getFieldName(i);
            int at = fields.indexOf(name);
            FeatureType type = at < 0 ? Value.NULL : fields.type(at);
            all.put(name, struct.isNull(name) ? null : value(struct.getValue(name), type));
        }
        return all;
    }

    private static List<@Nullable Object> map(PqMap map, Features entry) {
        List<@Nullable Object> all = new ArrayList<>(map.size());
        for (PqMap.Entry one : map.getEntries()) {
            Map<String, @Nullable Object> pair = new LinkedHashMap<>();
            pair.put("key", value(one.getKey(), type(entry, "key")));
            pair.put(
                    "value",
                    one.isValueNull() ? null : value(one.getValue(), type(entry, "value")));
            all.add(pair);
        }
        return all;
    }

    private static FeatureType type(Features fields, String name) {
        int at = fields.indexOf(name);
        return at < 0 ? Value.NULL : fields.type(at);
    }
}
