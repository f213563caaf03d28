package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Code that rounds 32 float32 numbers to 8 bits with one scale; see the scalar reference for what
/// is computed. 256 bits wide also with AVX-512: wider vectors gain little, since a block is only
/// 32 numbers.
final class BlockRounding {
    private static final int NOT_LESS = 5;
    private static final float SMALLEST = 0x1p-100f;

    private final Assembler a;
    private final VectorRegister magnitude;
    private final VectorRegister most;
    private final VectorRegister order;
    private final VectorRegister[] numbers;
    private final VectorRegister largest;
    private final VectorRegister other;
    private final VectorRegister some;
    private final VectorRegister scale;

    /// Sets constants; all registers are kept until the end of the scope.
    ///
    /// @param a for AVX2
    BlockRounding(Assembler a) {
        this.a = a;
        magnitude = a.vector();
        most = a.vector();
        order = a.vector();
        numbers = a.vectors(4);
        largest = a.vector();
        other = a.vector();
        some = a.vector().xmm();
        scale = a.vector().xmm();
        a.fill(magnitude, Integer.MAX_VALUE);
        a.fill(most, 127f);
        a.vmovdqu(order, a.constants(0, 4, 1, 5, 2, 6, 3, 7));
    }

    /// The 32 bytes after [#round].
    VectorRegister bytes() {
        return numbers[0];
    }

    /// The scale as float32 in the lowest place, after [#round].
    VectorRegister scale() {
        return scale;
    }

    /// A register that [#round] overwrites and leaves to anyone afterwards.
    VectorRegister spare() {
        return other;
    }

    /// Rounds the block at `from`.
    void round(Gpr from, int displacement) {
        findLargest(from, displacement);
        a.vcmpps(
                some, largest.xmm(), a.constants(SMALLEST, SMALLEST, SMALLEST, SMALLEST), NOT_LESS);
        a.vdivps(scale, largest.xmm(), most.xmm());
        a.vdivps(largest.xmm(), most.xmm(), largest.xmm());
        // Both are 0 where all is next to 0.
        a.vandps(scale, scale, some);
        a.vandps(largest.xmm(), largest.xmm(), some);
        a.vbroadcastss(largest, largest.xmm());
        toBytes();
    }

    /// The largest magnitude in all places, compared as integers so that a NaN is the largest.
    private void findLargest(Gpr from, int displacement) {
        for (int i = 0; i < 4; i++) {
            a.vmovups(numbers[i], mem(from, displacement + 32 * i));
            a.vpand(i == 0 ? largest : other, magnitude, numbers[i]);
            if (i > 0) {
                a.vpmaxud(largest, largest, other);
            }
        }
        a.vextracti128(other.xmm(), largest, 1);
        a.vpmaxud(largest.xmm(), largest.xmm(), other.xmm());
        a.vpshufd(other.xmm(), largest.xmm(), 0b01_00_11_10);
        a.vpmaxud(largest.xmm(), largest.xmm(), other.xmm());
        a.vpshufd(other.xmm(), largest.xmm(), 0b10_11_00_01);
        a.vpmaxud(largest.xmm(), largest.xmm(), other.xmm());
    }

    /// A NaN becomes the smallest integer and so -128.
    private void toBytes() {
        VectorRegister[] n = numbers;
        for (VectorRegister part : n) {
            a.vmulps(part, part, largest);
            a.vcvtps2dq(part, part);
        }
        a.vpackssdw(n[0], n[0], n[1]);
        a.vpackssdw(n[2], n[2], n[3]);
        a.vpacksswb(n[0], n[0], n[2]);
        a.vpermd(n[0], order, n[0]);
    }
}
