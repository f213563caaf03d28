package dev.jebena.compute.x86;

/// The 16 partial sums of a reduction, in one register or two, as the contract of kernels orders
/// them.
final class PartialSums {
    private final Assembler a;
    private final VectorRegister[] parts;

    /// Sums of 0.
    PartialSums(Assembler a) {
        this.a = a;
        parts = a.vectors(64 / a.vectorBytes());
        clear();
    }

    void clear() {
        for (VectorRegister part : parts) {
            a.clear(part);
        }
    }

    /// The register that takes the elements of a part of 16.
    VectorRegister of(int part) {
        return parts[part];
    }

    /// Adds the sums as a tree; returns the register whose first element is the result.
    VectorRegister total() {
        VectorRegister sums = parts[0];
        a.inScope(() -> {
            if (a.hasAvx512()) {
                VectorRegister upper = a.vector();
                a.vextractf32x8(upper.ymm(), sums, 1);
                a.vaddps(sums.ymm(), sums.ymm(), upper.ymm());
            } else {
                a.vaddps(sums, sums, parts[1]);
            }
        });
        fold(a, sums, a::vaddps);
        return sums;
    }

    /// Makes the first element of a register the largest of all; none may be NaN.
    static void largest(Assembler a, VectorRegister values) {
        if (a.hasAvx512()) {
            a.inScope(() -> {
                VectorRegister upper = a.vector();
                a.vextractf32x8(upper.ymm(), values, 1);
                a.vmaxps(values.ymm(), values.ymm(), upper.ymm());
            });
        }
        fold(a, values, a::vmaxps);
    }

    private interface Operation {
        void emit(VectorRegister d, VectorRegister x, VectorOperand y);
    }

    /// Folds eight elements to one.
    private static void fold(Assembler a, VectorRegister values, Operation operation) {
        a.inScope(() -> {
            VectorRegister x = values.xmm();
            VectorRegister other = a.vector().xmm();
            if (a.hasAvx512()) {
                a.vextractf32x4(other, values.ymm(), 1);
            } else {
                a.vextractf128(other, values.ymm(), 1);
            }
            operation.emit(x, x, other);
            a.vshufps(other, x, x, 0b1110);
            operation.emit(x, x, other);
            a.vshufps(other, x, x, 0b0001);
            operation.emit(x, x, other);
        });
    }
}
