package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the rounding of a row of activations to 8 bits for AVX-512; see the scalar reference for
/// what is computed, and [Int8Product] for the layout of a block.
///
/// Arguments: float32 numbers, blocks to write, count of blocks.
final class Int8Quantize {
    private static final int BYTES = 48;
    private static final int NOT_LESS = 5;

    private Int8Quantize() {}

    static Assembler assemble() {
        var a = Assembler.avx512("quantize");
        Gpr[] in = a.arguments(3);
        VectorRegister magnitude = a.vector();
        VectorRegister ones = a.vector();
        VectorRegister smallest = a.vector();
        VectorRegister most = a.vector();
        a.fill(magnitude, Integer.MAX_VALUE);
        a.fill(ones, 0x01010101);
        a.fill(smallest, 0x1p-100f);
        a.fill(most, 127f);
        a.loop(
                in[2],
                () -> {
                    VectorRegister first = a.vector();
                    VectorRegister last = a.vector();
                    a.vmovups(first, mem(in[0], 0));
                    a.vmovups(last, mem(in[0], 64));
                    VectorRegister largest = largest(a, first, last, magnitude);
                    MaskRegister some = a.mask();
                    a.vcmpps(some, largest, smallest, NOT_LESS);
                    VectorRegister inverse = a.vector();
                    a.vdivps(inverse.xmm(), most.xmm(), largest.xmm());
                    a.vdivps(largest.xmm().zeroing(some), largest.xmm(), most.xmm());
                    a.vbroadcastss(inverse.zeroing(some), inverse.xmm());
                    a.vmovss(mem(in[1], 32), largest.xmm());
                    round(a, first, inverse, mem(in[1], 0));
                    round(a, last, inverse, mem(in[1], 16));
                    sums(a, in[1], first, last, ones);
                    a.add(in[0], 128);
                    a.add(in[1], BYTES);
                });
        a.leave();
        return a;
    }

    /// The largest magnitude in all places, compared as integers so that a NaN is the largest.
    private static VectorRegister largest(
            Assembler a, VectorRegister first, VectorRegister last, VectorRegister magnitude) {
        VectorRegister largest = a.vector();
        VectorRegister other = a.vector();
        a.vpandd(largest, magnitude, first);
        a.vpandd(other, magnitude, last);
        a.vpmaxud(largest, largest, other);
        a.vshufi64x2(other, largest, largest, 0b01_00_11_10);
        a.vpmaxud(largest, largest, other);
        a.vshufi64x2(other, largest, largest, 0b10_11_00_01);
        a.vpmaxud(largest, largest, other);
        a.vpshufd(other, largest, 0b01_00_11_10);
        a.vpmaxud(largest, largest, other);
        a.vpshufd(other, largest, 0b10_11_00_01);
        a.vpmaxud(largest, largest, other);
        return largest;
    }

    /// Sixteen bytes; a NaN becomes the smallest integer and so -128.
    private static void round(
            Assembler a, VectorRegister numbers, VectorRegister inverse, Memory to) {
        a.vmulps(numbers, numbers, inverse);
        a.vcvtps2dq(numbers, numbers);
        a.vpmovsdb(numbers.xmm(), numbers);
        a.vmovdqu(to, numbers.xmm());
    }

    /// The negated sums of both halves and of all.
    private static void sums(
            Assembler a, Gpr to, VectorRegister first, VectorRegister last, VectorRegister ones) {
        VectorRegister sum = a.vector();
        VectorRegister other = a.vector();
        a.vinserti128(first.ymm(), first.ymm(), last.xmm(), 1);
        a.clear(sum);
        a.vpdpbusd(sum.ymm(), ones.ymm(), first.ymm());
        a.vpshufd(other.ymm(), sum.ymm(), 0b01_00_11_10);
        a.vpaddd(sum.ymm(), sum.ymm(), other.ymm());
        a.vpshufd(other.ymm(), sum.ymm(), 0b10_11_00_01);
        a.vpaddd(sum.ymm(), sum.ymm(), other.ymm());
        a.vpxor(other.ymm(), other.ymm(), other.ymm());
        a.vpsubd(sum.ymm(), other.ymm(), sum.ymm());
        a.vextracti128(other.xmm(), sum.ymm(), 1);
        a.vmovd(mem(to, 36), sum.xmm());
        a.vmovd(mem(to, 40), other.xmm());
        a.vpaddd(sum.xmm(), sum.xmm(), other.xmm());
        a.vmovd(mem(to, 44), sum.xmm());
    }
}
