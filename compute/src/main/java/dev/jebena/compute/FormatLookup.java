package dev.jebena.compute;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// The one [BlockFormat] of each [DataType].
final class FormatLookup {
    private static final Map<DataType, BlockFormat> FORMATS = new EnumMap<>(DataType.class);

    static {
        for (DataType type : DataType.values()) {
            FORMATS.put(type, create(type));
        }
    }

    private FormatLookup() {}

    static BlockFormat of(DataType type) {
        return Objects.requireNonNull(FORMATS.get(type));
    }

    private static BlockFormat create(DataType type) {
        return switch (type) {
            case F32 -> new F32Format();
            case F16 -> new F16Format();
            case BF16 -> new BF16Format();
            case F64, I8, I16, I32, I64 -> new NumberFormat(type);
            case Q4_0 -> new Q4_0Format();
            case Q4_1 -> new Q4_1Format();
            case Q5_0 -> new Q5_0Format();
            case Q5_1 -> new Q5_1Format();
            case Q8_0 -> new Q8_0Format();
            case Q4_K -> new Q4_KFormat();
            case Q6_K -> new Q6_KFormat();
            default -> new NumberFormat(type);
        };
    }
}
