package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Rotary position embedding of all heads of a row: `(a, b)` becomes `(a cos - b sin, a sin + b
/// cos)`, with the second product rounded first, as the contract of kernels has it.
///
/// Arguments: `(x, heads, bytes of a head, cosines, sines, pairs)`.
public final class RopeKernels {
    private RopeKernels() {}

    /// Pairs of elements that stand `pairs` elements apart.
    public static Assembler halves() {
        Assembler a = Assembler.avx512("ropeHalves");
        Gpr[] in = a.arguments(6);
        Gpr second = a.general();
        a.lea(second, mem(in[0], in[5], 4, 0));
        RowLoop pairs = new RowLoop(a, in[5]);
        a.loop(
                in[1],
                () -> {
                    pairs.each(span -> {
                        VectorRegister cos = span.load(in[3]);
                        VectorRegister sin = span.load(in[4]);
                        VectorRegister x = span.load(in[0]);
                        VectorRegister y = span.load(second);
                        VectorRegister other = a.vector();
                        a.vmulps(other, y, sin);
                        a.vmulps(y, y, cos);
                        a.vfmadd231ps(y, x, sin);
                        a.vfmsub213ps(x, cos, other);
                        span.store(in[0], x);
                        span.store(second, y);
                    });
                    a.add(in[0], in[2]);
                    a.add(second, in[2]);
                });
        a.leave();
        return a;
    }

    /// Pairs of neighbours: 8 pairs in a register, whose cosines and sines are spread to both.
    public static Assembler neighbours() {
        Assembler a = Assembler.avx512("ropeNeighbours");
        Gpr[] in = a.arguments(6);
        VectorRegister spread = a.vector();
        VectorRegister signs = a.vector();
        a.vmovups(spread, a.constants(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));
        int minus = Integer.MIN_VALUE;
        a.vmovups(
                signs,
                a.constants(
                        minus, 0, minus, 0, minus, 0, minus, 0, minus, 0, minus, 0, minus, 0, minus,
                        0));
        MaskRegister odd = a.mask();
        a.inScope(() -> {
            Gpr bits = a.general();
            a.mov(bits, 0xAAAA);
            a.kmovw(odd, bits.dword());
        });
        MaskRegister rest = a.mask();
        RowLoop.maskOfRest(a, rest, in[5], 8);
        a.shl(in[5], 1);
        RowLoop elements = new RowLoop(a, in[5]);
        a.loop(
                in[1],
                () -> {
                    elements.each(span -> eight(a, span, in, spread, signs, odd, rest));
                    a.add(in[0], in[2]);
                });
        a.leave();
        return a;
    }

    private static void eight(
            Assembler a,
            RowLoop.Span span,
            Gpr[] in,
            VectorRegister spread,
            VectorRegister signs,
            MaskRegister odd,
            MaskRegister rest) {
        Gpr at = a.general();
        a.mov(at, span.at());
        a.shr(at, 1);
        VectorRegister cos = a.vector();
        VectorRegister sin = a.vector();
        for (int i = 0; i < 2; i++) {
            VectorRegister half = (i == 0 ? cos : sin).ymm();
            a.vmovups(span.isWhole() ? half : half.zeroing(rest), mem(in[3 + i], at, 1, 0));
        }
        a.vpermps(cos, spread, cos);
        a.vpermps(sin, spread, sin);
        VectorRegister x = span.load(in[0]);
        VectorRegister first = a.vector();
        VectorRegister second = a.vector();
        a.vshufps(first, x, x, 0b10_10_00_00);
        a.vshufps(second, x, x, 0b11_11_01_01);
        // The factors of the two: (cos, sin) and (sin, cos).
        VectorRegister ofFirst = a.vector();
        a.vblendmps(ofFirst.masked(odd), cos, sin);
        a.vblendmps(sin.masked(odd), sin, cos);
        a.vmulps(second, second, sin);
        a.vpxord(second, second, signs);
        a.vfmadd213ps(first, ofFirst, second);
        span.store(in[0], first);
    }
}
