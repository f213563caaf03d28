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
            case Q1_0 -> new Q1_0Format();
            case Q2_0 -> new Q2_0Format();
            case Q4_0 -> new Q4_0Format();
            case Q4_1 -> new Q4_1Format();
            case Q5_0 -> new Q5_0Format();
            case Q5_1 -> new Q5_1Format();
            case Q8_0 -> new Q8_0Format();
            case MXFP4 -> new MXFP4Format();
            case NVFP4 -> new NVFP4Format();
            case Q2_K -> new Q2_KFormat();
            case Q3_K -> new Q3_KFormat();
            case Q4_K -> new Q4_KFormat();
            case Q5_K -> new Q5_KFormat();
            case Q6_K -> new Q6_KFormat();
            case TQ1_0 -> new TQ1_0Format();
            case TQ2_0 -> new TQ2_0Format();
            case IQ1_S -> new IQ1_SFormat();
            case IQ1_M -> new IQ1_MFormat();
            case IQ2_XXS -> new IQ2_XXSFormat();
            case IQ2_XS -> new IQ2_XSFormat();
            case IQ2_S -> new IQ2_SFormat();
            case IQ3_XXS -> new IQ3_XXSFormat();
            case IQ3_S -> new IQ3_SFormat();
            case IQ4_NL -> new IQ4_NLFormat();
            case IQ4_XS -> new IQ4_XSFormat();
        };
    }
}
