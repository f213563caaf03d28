package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Rounds keys and values of one position to [KvElement#SCALED_BYTE] and writes them into its page,
/// for one head size. AVX2 for all CPUs.
///
/// Arguments: `(keys, values, page, heads, slot, first value)`, the last counted in bytes from the
/// start of the head's keys. Lines of scales, and of the bytes of keys, are one position wide each
/// step, so the slot is their index.
public final class StoreRoundedKvKernel {
    private final Assembler a;
    private final Gpr[] in;
    private final BlockRounding rounding;
    private final int positions;

    private StoreRoundedKvKernel(int headDim, int positions) {
        this.positions = positions;
        a = Assembler.avx2("storeKv" + headDim + "q8");
        in = a.arguments(6);
        rounding = new BlockRounding(a);
        int partBytes = KvElement.SCALED_BYTE.bytes(positions * headDim);
        int scales = positions * headDim;
        Label end = a.label("end");
        a.test(in[3], in[3]);
        a.jcc(Condition.E, end);
        a.loop(
                in[3],
                () -> {
                    for (int d = 0; d < headDim; d += KvElement.BLOCK) {
                        rounding.round(in[0], 4 * d);
                        keys(d * positions);
                        scale(scales + 2 * positions * (d / KvElement.BLOCK));
                        rounding.round(in[1], 4 * d);
                        a.vmovdqu(mem(in[2], in[5], 1, d), rounding.bytes());
                        scale(partBytes + scales + 2 * positions * (d / KvElement.BLOCK));
                    }
                    a.add(in[0], 4 * headDim);
                    a.add(in[1], 4 * headDim);
                    a.add(in[2], 2 * partBytes);
                });
        a.bind(end);
        a.leave();
    }

    /// @param positions of a page
    public static Assembler of(int headDim, int positions) {
        return new StoreRoundedKvKernel(headDim, positions).a;
    }

    /// One byte to each of 32 lines.
    private void keys(int first) {
        a.inScope(() -> {
            VectorRegister half = a.vector().xmm();
            for (int i = 0; i < KvElement.BLOCK; i++) {
                if (i % 16 == 0) {
                    a.vextracti128(half, rounding.bytes(), i / 16);
                }
                a.vpextrb(mem(in[2], in[4], 1, first + i * positions), half, i % 16);
            }
        });
    }

    private void scale(int line) {
        a.inScope(() -> {
            VectorRegister half = a.vector().xmm();
            a.vcvtps2ph(half, rounding.scale(), 0);
            a.vpextrw(mem(in[2], in[4], 2, line), half, 0);
        });
    }
}
