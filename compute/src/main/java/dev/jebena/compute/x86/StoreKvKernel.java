package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes keys and values of one position into its page, for one head size and type of numbers.
///
/// Arguments: `(keys, values, place of the first key, place of the first value, heads)`. A value is
/// one line of its page; the elements of a key go to one line each, `lineBytes` apart.
public final class StoreKvKernel {
    private StoreKvKernel() {}

    /// @param half whether pages hold float16 instead of float32
    /// @param positions of a page
    public static Assembler of(int headDim, boolean half, int positions, boolean avx512) {
        String name = "storeKv" + headDim + (half ? "f16" : "f32");
        Assembler a = RowLoop.assembler(name, avx512);
        Gpr[] in = a.arguments(5);
        int size = half ? 2 : 4;
        int lineBytes = positions * size;
        Label end = a.label("end");
        a.test(in[4], in[4]);
        a.jcc(Condition.E, end);
        a.loop(
                in[4],
                () -> {
                    for (int d = 0; d < headDim; d += a.vectorBytes() / 4) {
                        key(a, mem(in[0], 4 * d), mem(in[2], d * lineBytes), half, lineBytes);
                        value(a, mem(in[1], 4 * d), mem(in[3], d * size), half);
                    }
                    a.add(in[0], 4 * headDim);
                    a.add(in[1], 4 * headDim);
                    a.add(in[2], 2 * headDim * lineBytes);
                    a.add(in[3], 2 * headDim * lineBytes);
                });
        a.bind(end);
        a.leave();
        return a;
    }

    private static void value(Assembler a, Memory from, Memory to, boolean half) {
        a.inScope(() -> {
            VectorRegister x = a.vector();
            a.vmovups(x, from);
            if (half) {
                a.vcvtps2ph(to, x, 0);
            } else {
                a.vmovups(to, x);
            }
        });
    }

    private static void key(Assembler a, Memory from, Memory to, boolean half, int lineBytes) {
        a.inScope(() -> {
            VectorRegister x = a.vector();
            VectorRegister part = a.vector().xmm();
            int lanes = a.vectorBytes() / 4;
            a.vmovups(x, from);
            VectorRegister numbers = half ? x.as(x.bits() / 2) : x;
            if (half) {
                a.vcvtps2ph(numbers, x, 0);
            }
            int each = half ? 8 : 4;
            for (int i = 0; i < lanes; i++) {
                if (i % each == 0) {
                    extract(a, part, numbers, i / each);
                }
                if (half) {
                    a.vpextrw(to.plus(i * lineBytes), part, i % each);
                } else {
                    a.vextractps(to.plus(i * lineBytes), part, i % each);
                }
            }
        });
    }

    private static void extract(Assembler a, VectorRegister d, VectorRegister x, int part) {
        if (part == 0) {
            a.vmovaps(d, x.xmm());
        } else if (a.hasAvx512()) {
            a.vextractf32x4(d, x, part);
        } else {
            a.vextractf128(d, x, part);
        }
    }
}
