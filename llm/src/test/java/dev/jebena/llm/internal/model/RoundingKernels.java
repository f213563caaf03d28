package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Kernels;
import java.util.EnumSet;
import java.util.Set;

/// The scalar reference with activations rounded to 8 bits, as the assembled kernels compute.
final class RoundingKernels implements Kernels {
    private static final Set<DataType> TYPES =
            EnumSet.of(
                    DataType.Q4_0,
                    DataType.Q4_1,
                    DataType.Q5_0,
                    DataType.Q5_1,
                    DataType.Q8_0,
                    DataType.IQ4_NL,
                    DataType.Q2_K,
                    DataType.Q3_K,
                    DataType.Q4_K,
                    DataType.Q5_K,
                    DataType.Q6_K,
                    DataType.IQ4_XS);

    @Override
    public String name() {
        return "scalar-rounding";
    }

    @Override
    public boolean packs(DataType type, int rows, int columns) {
        return TYPES.contains(type);
    }
}
