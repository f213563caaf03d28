package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes sums of products of sixteen channels side by side, for AVX-512.
public final class ChannelSumCode {
    /// Taps of one call of a [#gradient].
    public static final int MOST_TAPS = 8;

    /// Results that share the load of a weight.
    private static final int TOGETHER = 4;

    private final Assembler a;
    private final Gpr x;
    private final Gpr table;
    private final Gpr count;
    private final Gpr taps;
    private final Gpr weights;
    private final Gpr results;

    /// Bytes of the table from one result to the next.
    private final Gpr rowBytes;

    private ChannelSumCode() {
        a = Assembler.avx512("channel_sums");
        a.save(5);
        Gpr[] in = a.arguments(6);
        x = in[0];
        table = in[1];
        count = in[2];
        taps = in[3];
        weights = in[4];
        results = in[5];
        rowBytes = a.general();
        a.mov(rowBytes, taps);
        a.shl(rowBytes, 3);
    }

    /// `(x, table of byte offsets, count of results, taps, weights, results)`; the counts are
    /// positive.
    public static Assembler forward() {
        ChannelSumCode code = new ChannelSumCode();
        Assembler a = code.a;
        Gpr rest = a.general();
        a.mov(rest, code.count);
        a.and(rest, TOGETHER - 1);
        a.shr(code.count, 2);
        a.unless(Condition.E, () -> a.loop(code.count, () -> code.results(TOGETHER)));
        a.cmp(rest, 0);
        a.unless(Condition.E, () -> a.loop(rest, () -> code.results(1)));
        a.leave();
        return a;
    }

    private void results(int together) {
        a.inScope(() -> {
            VectorRegister[] sums = a.vectors(together);
            for (VectorRegister sum : sums) {
                a.clear(sum);
            }
            Gpr left = a.general();
            Gpr weight = a.general();
            Gpr third = a.general();
            a.mov(weight, weights);
            a.lea(third, mem(table, rowBytes, 2, 0));
            a.mov(left, taps);
            a.loop(left, () -> tap(third, weight, sums));
            for (VectorRegister sum : sums) {
                a.vmovups(mem(results, 0), sum);
                a.add(results, 64);
            }
            // The taps have moved it by one row.
            for (int i = 1; i < together; i++) {
                a.add(table, rowBytes);
            }
        });
    }

    /// @param third row of the table
    private void tap(Gpr third, Gpr weight, VectorRegister[] sums) {
        a.inScope(() -> {
            VectorRegister factor = a.vector();
            Gpr offset = a.general();
            a.vmovups(factor, mem(weight, 0));
            for (int i = 0; i < sums.length; i++) {
                Gpr base = i < 2 ? table : third;
                a.mov(offset, i % 2 == 0 ? mem(base, 0) : mem(base, rowBytes, 1, 0));
                a.vfmadd231ps(sums[i], factor, mem(x, offset, 1, 0));
            }
            a.add(table, 8);
            a.add(third, 8);
            a.add(weight, 64);
        });
    }

    /// `(x, table of byte offsets, count of results, bytes of the table from one result to the
    /// next, results, sums)`; the count is positive.
    public static Assembler gradient(int taps) {
        Assembler a = Assembler.avx512("channel_sums_gradient_" + taps);
        a.save(1);
        Gpr[] in = a.arguments(6);
        VectorRegister[] sums = a.vectors(taps);
        for (int tap = 0; tap < taps; tap++) {
            a.vmovups(sums[tap], mem(in[5], 64 * tap));
        }
        VectorRegister result = a.vector();
        Gpr offset = a.general();
        a.loop(
                in[2],
                () -> {
                    a.vmovups(result, mem(in[4], 0));
                    for (int tap = 0; tap < taps; tap++) {
                        a.mov(offset, mem(in[1], 8 * tap));
                        a.vfmadd231ps(sums[tap], result, mem(in[0], offset, 1, 0));
                    }
                    a.add(in[1], in[3]);
                    a.add(in[4], 64);
                });
        for (int tap = 0; tap < taps; tap++) {
            a.vmovups(mem(in[5], 64 * tap), sums[tap]);
        }
        a.leave();
        return a;
    }
}
