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
    public static Assembler of(int headDim, boolean half, int positions) {
        Assembler a = Assembler.avx512("storeKv" + headDim + (half ? "f16" : "f32"));
        Gpr[] in = a.arguments(5);
        int size = half ? 2 : 4;
        int lineBytes = positions * size;
        Label end = a.label("end");
        a.test(in[4], in[4]);
        a.jcc(Condition.E, end);
        a.loop(
                in[4],
                () -> {
                    for (int d = 0; d < headDim; d += 16) {
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
            VectorRegister part = a.vector();
            a.vmovups(x, from);
            if (half) {
                a.vcvtps2ph(x.ymm(), x, 0);
            }
            int each = half ? 8 : 4;
            for (int i = 0; i < 16; i++) {
                if (i % each == 0) {
                    a.vextractf32x4(part.xmm(), half ? x.ymm() : x, i / each);
                }
                if (half) {
                    a.vpextrw(to.plus(i * lineBytes), part.xmm(), i % each);
                } else {
                    a.vextractps(to.plus(i * lineBytes), part.xmm(), i % each);
                }
            }
        });
    }
}
