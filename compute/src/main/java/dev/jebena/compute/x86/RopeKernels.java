package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Rotary position embedding of all heads of a row: `(a, b)` becomes `(a cos - b sin, a sin + b
/// cos)`, with the second product rounded first, as the contract of kernels has it.
///
/// Arguments: `(x, heads, bytes of a head, cosines, sines, pairs)`.
public final class RopeKernels {
    private RopeKernels() {}

    /// Pairs of elements that stand `pairs` elements apart.
    public static Assembler halves(boolean avx512) {
        Assembler a = RowLoop.assembler("ropeHalves", avx512);
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

    /// Pairs of neighbours: half as many pairs as elements in a register, whose cosines and sines
    /// are spread to both.
    public static Assembler neighbours(boolean avx512) {
        Assembler a = RowLoop.assembler("ropeNeighbours", avx512);
        Gpr[] in = a.arguments(6);
        Neighbours code = new Neighbours(a, in);
        a.shl(in[5], 1);
        RowLoop elements = new RowLoop(a, in[5]);
        a.loop(
                in[1],
                () -> {
                    elements.each(code::rotate);
                    a.add(in[0], in[2]);
                });
        a.leave();
        return a;
    }

    /// The body of the loop, with the constants it needs.
    private static final class Neighbours {
        private final Assembler a;
        private final Gpr[] in;
        private final VectorRegister spread;
        private final Memory signs;

        /// With AVX-512: odd elements, and the pairs of the rest of a row. Else unused.
        private final MaskRegister odd;

        private final MaskRegister rest;

        Neighbours(Assembler a, Gpr[] in) {
            this.a = a;
            this.in = in;
            spread = a.vector();
            int[] pairs = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7};
            a.vmovups(spread, Constants.repeated(a, pairs));
            signs = Constants.repeated(a, Integer.MIN_VALUE, 0);
            odd = a.mask();
            rest = a.mask();
            if (a.hasAvx512()) {
                RowLoop.maskOfRest(a, rest, in[5], 8);
                a.inScope(() -> {
                    Gpr bits = a.general();
                    a.mov(bits, 0xAAAA);
                    a.kmovw(odd, bits.dword());
                });
            }
        }

        void rotate(RowLoop.Span span) {
            VectorRegister cos = angles(span, in[3]);
            VectorRegister sin = angles(span, in[4]);
            VectorRegister x = span.load(in[0]);
            VectorRegister first = a.vector();
            VectorRegister second = a.vector();
            a.vshufps(first, x, x, 0b10_10_00_00);
            a.vshufps(second, x, x, 0b11_11_01_01);
            // The factors of the two: (cos, sin) and (sin, cos).
            VectorRegister ofFirst = a.vector();
            alternate(ofFirst, cos, sin);
            alternate(sin, sin, cos);
            a.vmulps(second, second, sin);
            a.vxorps(second, second, signs);
            a.vfmadd213ps(first, ofFirst, second);
            span.store(in[0], first);
        }

        /// Loads half a register of cosines or sines and spreads them; the rest of a row has half
        /// as many as elements.
        private VectorRegister angles(RowLoop.Span span, Gpr table) {
            VectorRegister all = a.vector();
            VectorRegister half = all.as(all.bits() / 2);
            a.inScope(() -> {
                Gpr at = a.general();
                a.mov(at, span.at());
                a.shr(at, 1);
                Memory from = mem(table, at, 1, span.byteOfPart() / 2);
                if (span.isWhole()) {
                    a.vmovups(half, from);
                } else {
                    a.vmovups(half.zeroing(rest), from);
                }
            });
            a.vpermps(all, spread, all);
            return all;
        }

        /// Even elements of `x` and odd ones of `y`.
        private void alternate(VectorRegister d, VectorRegister x, VectorRegister y) {
            if (a.hasAvx512()) {
                a.vblendmps(d.masked(odd), x, y);
            } else {
                a.vblendps(d, x, y, 0xAA);
            }
        }
    }
}
