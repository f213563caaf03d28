package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.Kind;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A field of an Arrow schema (format/Schema.fbs of Arrow's specification).
///
/// @param tag of the type union
/// @param width bits of numbers, bytes of fixed-size binaries, elements of fixed-size lists
/// @param unit of times, as its number in the specification; 0 second to 3 nanosecond
/// @param dictionary the id of the dictionary whose indices the column holds; -1: the values
///   themselves
/// @param index the type of these indices
record ArrowField(
        String name,
        int tag,
        int width,
        int unit,
        boolean signed,
        String zone,
        int precision,
        long dictionary,
        @Nullable ArrowField index,
        List<ArrowField> children) {
    static final int NULL = 1;
    static final int INT = 2;
    static final int FLOAT = 3;
    static final int BINARY = 4;
    static final int UTF8 = 5;
    static final int BOOL = 6;
    static final int DECIMAL = 7;
    static final int DATE = 8;
    static final int TIME = 9;
    static final int TIMESTAMP = 10;
    static final int LIST = 12;
    static final int STRUCT = 13;
    static final int FIXED_BINARY = 15;
    static final int FIXED_LIST = 16;
    static final int MAP = 17;
    static final int DURATION = 18;
    static final int LARGE_BINARY = 19;
    static final int LARGE_UTF8 = 20;
    static final int LARGE_LIST = 21;
    static final int BINARY_VIEW = 23;
    static final int UTF8_VIEW = 24;

    private static final int MAX_DEPTH = 60;
    private static final int MAX_FIELDS = 100_000;
    private static final String[] UNITS = {"s", "ms", "us", "ns"};

    /// The fields of a schema.
    static List<ArrowField> of(FlatTable schema) {
        int count = schema.length(1);
        if (count < 0 || count > MAX_FIELDS) {
            throw new IndexOutOfBoundsException(count + " columns");
        }
        List<ArrowField> fields = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            fields.add(of(schema.element(1, i), 0));
        }
        return fields;
    }

    private static ArrowField of(FlatTable field, int depth) {
        int count = field.length(5);
        if (depth > MAX_DEPTH || count < 0 || count > MAX_FIELDS) {
            throw new IndexOutOfBoundsException("fields too deep or too many");
        }
        List<ArrowField> children = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            children.add(of(field.element(5, i), depth + 1));
        }
        String name = field.text(0);
        FlatTable dictionary = field.table(4);
        FlatTable indexType = dictionary == null ? null : dictionary.table(1);
        ArrowField index =
                dictionary == null
                        ? null
                        : indexType == null
                                ? integer(32, true)
                                : integer(indexType.intAt(0, 0), indexType.byteAt(1, 0) != 0);
        return typed(
                name == null ? "" : name,
                field.byteAt(2, 0),
                field.need(3, "type"),
                dictionary == null ? -1 : dictionary.longAt(0, 0),
                index,
                children);
    }

    private static ArrowField integer(int bits, boolean signed) {
        return new ArrowField("", INT, bits, 0, signed, "", 0, -1, null, List.of());
    }

    private static ArrowField typed(
            String name,
            int tag,
            FlatTable type,
            long dictionary,
            @Nullable ArrowField index,
            List<ArrowField> children) {
        int width =
                switch (tag) {
                    case INT, FIXED_BINARY, FIXED_LIST -> type.intAt(0, 0);
                    case FLOAT -> 16 << type.shortAt(0, 0);
                    case DECIMAL -> type.intAt(2, 128);
                    case TIME -> type.intAt(1, 32);
                    case DATE -> type.shortAt(0, 1) == 0 ? 32 : 64;
                    default -> 64;
                };
        int unit =
                switch (tag) {
                    case TIME, DURATION -> type.shortAt(0, 1);
                    case TIMESTAMP -> type.shortAt(0, 0);
                    case DECIMAL -> type.intAt(1, 0);
                    default -> 0;
                };
        String zone = tag == TIMESTAMP ? type.text(1) : null;
        return new ArrowField(
                name,
                tag,
                width,
                unit,
                tag == INT && type.byteAt(1, 0) != 0,
                zone == null ? "" : zone,
                tag == DECIMAL ? type.intAt(0, 0) : 0,
                dictionary,
                index,
                children);
    }

    static Features features(List<ArrowField> fields) {
        return Features.of(
                fields.stream().map(ArrowField::name).toList(),
                fields.stream().map(ArrowField::type).toList());
    }

    /// @throws IndexOutOfBoundsException for a type that is unknown or has impossible numbers
    FeatureType type() {
        return switch (tag) {
            case NULL -> Value.NULL;
            case INT ->
                    new Value(Kind.INT, (signed ? "int" : "uint") + oneOf(width, 8, 16, 32, 64));
            case FLOAT -> new Value(Kind.FLOAT, "float" + oneOf(width, 16, 32, 64));
            case BOOL -> Value.BOOL;
            case UTF8 -> Value.STRING;
            case LARGE_UTF8 -> new Value(Kind.STRING, "large_string");
            case UTF8_VIEW -> new Value(Kind.STRING, "string_view");
            case BINARY, FIXED_BINARY -> Value.BINARY;
            case LARGE_BINARY -> new Value(Kind.BINARY, "large_binary");
            case BINARY_VIEW -> new Value(Kind.BINARY, "binary_view");
            case DECIMAL ->
                    new Value(
                            Kind.DECIMAL,
                            "decimal%d(%d, %d)"
                                    .formatted(oneOf(width, 32, 64, 128, 256), precision, unit));
            case DATE -> new Value(Kind.DATE, "date" + width);
            case TIME ->
                    new Value(Kind.TIME, "time%d[%s]".formatted(oneOf(width, 32, 64), units()));
            case TIMESTAMP ->
                    zone.isEmpty()
                            ? new Value(Kind.TIMESTAMP, "timestamp[" + units() + "]")
                            : new Value(
                                    Kind.INSTANT, "timestamp[%s, tz=%s]".formatted(units(), zone));
            case DURATION -> new Value(Kind.DURATION, "duration[" + units() + "]");
            case LIST, LARGE_LIST, FIXED_LIST, MAP -> new ListOf(child().type());
            case STRUCT -> new Struct(features(children));
            default ->
                    throw new IndexOutOfBoundsException(
                            "column '%s' has Arrow's type %d, which is not read"
                                    .formatted(name, tag));
        };
    }

    private static int oneOf(int number, int... allowed) {
        for (int one : allowed) {
            if (one == number) {
                return number;
            }
        }
        throw new IndexOutOfBoundsException("a type of " + number + " bits");
    }

    private String units() {
        return UNITS[java.util.Objects.checkIndex(unit, UNITS.length)];
    }

    /// The one child of a list.
    ArrowField child() {
        if (children.size() != 1) {
            throw new IndexOutOfBoundsException(
                    "list '%s' of %d types".formatted(name, children.size()));
        }
        return children.getFirst();
    }
}
