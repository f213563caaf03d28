package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ClassLabel;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Media;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;

/// Fields of an Arrow schema, as they are written.
final class ArrowSchema {
    private ArrowSchema() {}

    /// A field's table.
    static int field(FlatBuilder to, String name, FeatureType type) {
        int[] children =
                switch (type) {
                    case ListOf list -> new int[] {field(to, "item", list.element())};
                    case Struct struct -> fields(to, struct.fields());
                    case Media _ -> fields(to, Media.STORAGE.fields());
                    default -> new int[0];
                };
        int list = to.references(children);
        int text = to.text(name);
        int told = type(to, type);
        to.begin(7);
        to.reference(0, text);
        to.reference(3, told);
        to.reference(5, list);
        to.field(1, 1, 1);
        to.field(2, tag(type), 1);
        return to.end();
    }

    private static int[] fields(FlatBuilder to, Features fields) {
        int[] all = new int[fields.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = field(to, fields.name(i), fields.type(i));
        }
        return all;
    }

    private static int tag(FeatureType type) {
        return switch (type) {
            case ListOf _ -> ArrowField.LIST;
            case Struct _, Media _ -> ArrowField.STRUCT;
            case ClassLabel _ -> ArrowField.INT;
            case Value value ->
                    switch (value.kind()) {
                        case NULL -> ArrowField.NULL;
                        case BOOL -> ArrowField.BOOL;
                        case INT -> ArrowField.INT;
                        case FLOAT -> ArrowField.FLOAT;
                        case DECIMAL -> ArrowField.DECIMAL;
                        case STRING -> ArrowField.UTF8;
                        case BINARY -> ArrowField.BINARY;
                        case DATE -> ArrowField.DATE;
                        case TIME -> ArrowField.TIME;
                        case TIMESTAMP, INSTANT -> ArrowField.TIMESTAMP;
                        case DURATION -> ArrowField.DURATION;
                    };
        };
    }

    /// The table of the type's own numbers.
    private static int type(FlatBuilder to, FeatureType type) {
        int zone =
                type instanceof Value value && value.kind() == FeatureType.Kind.INSTANT
                        ? to.text(value.dtype().replaceAll(".*tz=|\\]$", ""))
                        : 0;
        to.begin(3);
        switch (tag(type)) {
            case ArrowField.INT -> {
                to.field(0, bits(type), 4);
                to.field(1, isUnsigned(type) ? 0 : 1, 1);
            }
            case ArrowField.FLOAT -> to.field(0, bits(type) == 32 ? 1 : 2, 2);
            case ArrowField.DECIMAL -> {
                int[] size = DuckTypes.decimal((Value) type);
                to.field(0, size[0], 4);
                to.field(1, size[1], 4);
                to.field(2, 256, 4);
            }
            case ArrowField.DATE -> to.field(0, 0, 2);
            case ArrowField.TIME -> {
                to.field(1, 64, 4);
                to.field(0, 2, 2);
            }
            case ArrowField.TIMESTAMP -> {
                if (zone != 0) {
                    to.reference(1, zone);
                }
                to.field(0, ArrowWriter.unit(type), 2);
            }
            case ArrowField.DURATION -> to.field(0, ArrowWriter.unit(type), 2);
            default -> {}
        }
        return to.end();
    }

    private static boolean isUnsigned(FeatureType type) {
        return type instanceof Value value && value.dtype().startsWith("u");
    }

    /// Halves are written as singles.
    static int bits(FeatureType type) {
        return type instanceof Value value
                ? Math.max(
                        value.kind() == FeatureType.Kind.FLOAT ? 32 : 8,
                        Integer.parseInt(value.dtype().replaceAll("\\D", "")))
                : 64;
    }
}
