package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.Arrays;

/// Writes the rounding of a row of activations to 8 bits; see the scalar reference for what is
/// computed, and [ProductCode] for the layout of a block. AVX2 for all CPUs: wider vectors gain
/// little, since a block is only 32 numbers.
///
/// Arguments: float32 numbers, blocks to write, count of blocks.
final class Int8Quantize {
    private static final int NOT_LESS = 5;
    private static final float SMALLEST = 0x1p-100f;

    private final Assembler a = Assembler.avx2("quantize");
    private final Gpr from;
    private final Gpr to;
    private final VectorRegister magnitude = a.vector();
    private final VectorRegister most = a.vector();
    private final VectorRegister order = a.vector();
    private final VectorRegister[] numbers = a.vectors(4);
    private final VectorRegister largest = a.vector();
    private final VectorRegister other = a.vector();

    private Int8Quantize() {
        Gpr[] in = a.arguments(3);
        from = in[0];
        to = in[1];
        a.fill(magnitude, Integer.MAX_VALUE);
        a.fill(most, 127f);
        a.vmovdqu(order, a.constants(0, 4, 1, 5, 2, 6, 3, 7));
        a.loop(
                in[2],
                () -> {
                    largest();
                    scale();
                    round();
                    sums();
                    a.add(from, 128);
                    a.add(to, ProductCode.X_BYTES);
                });
        a.leave();
    }

    static Assembler assemble() {
        return new Int8Quantize().a;
    }

    /// The largest magnitude in all places, compared as integers so that a NaN is the largest.
    private void largest() {
        for (int i = 0; i < 4; i++) {
            a.vmovups(numbers[i], mem(from, 32 * i));
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

    /// Stores the scale and leaves its inverse in `largest`; both are 0 where all is next to 0.
    private void scale() {
        VectorRegister some = a.vector().xmm();
        VectorRegister scale = a.vector().xmm();
        a.vcmpps(
                some, largest.xmm(), a.constants(SMALLEST, SMALLEST, SMALLEST, SMALLEST), NOT_LESS);
        a.vdivps(scale, largest.xmm(), most.xmm());
        a.vdivps(largest.xmm(), most.xmm(), largest.xmm());
        a.vandps(scale, scale, some);
        a.vandps(largest.xmm(), largest.xmm(), some);
        a.vmovss(mem(to, ProductCode.X_SCALE), scale);
        a.vbroadcastss(largest, largest.xmm());
    }

    /// The bytes, also left in the first of `numbers`; a NaN becomes the smallest integer and so
    /// -128.
    private void round() {
        VectorRegister[] n = numbers;
        for (VectorRegister part : n) {
            a.vmulps(part, part, largest);
            a.vcvtps2dq(part, part);
        }
        a.vpackssdw(n[0], n[0], n[1]);
        a.vpackssdw(n[2], n[2], n[3]);
        a.vpacksswb(n[0], n[0], n[2]);
        a.vpermd(n[0], order, n[0]);
        a.vmovdqu(mem(to, 0), n[0]);
    }

    /// The negated sums of both halves and of all.
    private void sums() {
        VectorRegister sum = numbers[0];
        a.vmovdqu(other, a.constants(repeat(0x01010101)));
        a.vpmaddubsw(sum, other, sum);
        a.vpmaddwd(sum, sum, a.constants(repeat(-1)));
        a.vpshufd(other, sum, 0b01_00_11_10);
        a.vpaddd(sum, sum, other);
        a.vpshufd(other, sum, 0b10_11_00_01);
        a.vpaddd(sum, sum, other);
        a.vextracti128(other.xmm(), sum, 1);
        a.vmovd(mem(to, ProductCode.X_FIRST_SUM), sum.xmm());
        a.vmovd(mem(to, ProductCode.X_LAST_SUM), other.xmm());
        a.vpaddd(sum.xmm(), sum.xmm(), other.xmm());
        a.vmovd(mem(to, ProductCode.X_SUM), sum.xmm());
    }

    private static int[] repeat(int value) {
        int[] values = new int[8];
        Arrays.fill(values, value);
        return values;
    }
}
