package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A way to store a model's weights that people know by name: one type for most of them, and others
/// for those that need more bits.
public enum Mix {
    F32(0, DataType.F32),
    F16(1, DataType.F16),
    BF16(32, DataType.BF16),
    Q8_0(7, DataType.Q8_0),
    Q6_K(18, DataType.Q6_K),
    Q5_K_M(17, DataType.Q5_K),
    Q5_K_S(16, DataType.Q5_K),
    Q5_1(9, DataType.Q5_1),
    Q5_0(8, DataType.Q5_0),
    Q4_K_M(15, DataType.Q4_K),
    Q4_K_S(14, DataType.Q4_K),
    Q4_1(3, DataType.Q4_1),
    Q4_0(2, DataType.Q4_0),
    IQ4_NL(25, DataType.IQ4_NL),
    IQ4_XS(30, DataType.IQ4_XS),
    Q3_K_L(13, DataType.Q3_K),
    Q3_K_M(12, DataType.Q3_K),
    Q3_K_S(11, DataType.Q3_K),
    Q2_K(10, DataType.Q2_K),
    Q2_K_S(21, DataType.Q2_K),
    /// Experts alone; all else as Q8_0.
    MXFP4_MOE(38, DataType.MXFP4),
    TQ2_0(37, DataType.TQ2_0),
    TQ1_0(36, DataType.TQ1_0);

    private final int fileType;
    private final DataType base;

    Mix(int fileType, DataType base) {
        this.fileType = fileType;
        this.base = base;
    }

    /// The mix called `name`, in any case; `Q4_K` means `Q4_K_M`. Throws [FormatException] that
    /// names all mixes when there is none.
    public static Mix of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (String candidate : List.of(upper, upper + "_M")) {
            for (Mix mix : values()) {
                if (mix.name().equals(candidate)) {
                    return mix;
                }
            }
        }
        throw new FormatException(
                "%s is no type that can be written; take one of %s"
                        .formatted(Names.quoted(name), Arrays.toString(values())));
    }

    /// The number under `general.file_type` of GGUF's specification.
    int fileType() {
        return fileType;
    }

    /// The type of most weights.
    DataType base() {
        return base;
    }

    boolean isQuantized() {
        return base.blockSize() > 1;
    }
}
