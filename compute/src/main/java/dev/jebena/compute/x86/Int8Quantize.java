package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.Arrays;

/// Writes the rounding of a row of activations to 8 bits; see the scalar reference for what is
/// computed, and [ProductCode] for the layout of a block.
///
/// Arguments: float32 numbers, blocks to write, count of blocks.
final class Int8Quantize {
    private final Assembler a = Assembler.avx2("quantize");
    private final Gpr to;
    private final BlockRounding rounding;

    private Int8Quantize() {
        Gpr[] in = a.arguments(3);
        Gpr from = in[0];
        to = in[1];
        rounding = new BlockRounding(a);
        a.loop(
                in[2],
                () -> {
                    rounding.round(from, 0);
                    a.vmovss(mem(to, ProductCode.X_SCALE), rounding.scale());
                    a.vmovdqu(mem(to, 0), rounding.bytes());
                    sums();
                    a.add(from, 128);
                    a.add(to, ProductCode.X_BYTES);
                });
        a.leave();
    }

    static Assembler assemble() {
        return new Int8Quantize().a;
    }

    /// The negated sums of both halves and of all.
    private void sums() {
        VectorRegister sum = rounding.bytes();
        VectorRegister other = rounding.spare();
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
