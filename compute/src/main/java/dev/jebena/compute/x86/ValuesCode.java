package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// The third part of [AttentionKernel]: sums of values, weighted by the exponentials.
///
/// A panel of columns at a time runs through all pages with its sums in registers. Pages that some
/// query does not see in full take a slower loop, in which each addition has a mask: a value that
/// is not seen may be anything, so weighing it 0 would not do.
final class ValuesCode {
    private static final int UNROLLED = 2;
    private static final int ORDERED = 7;

    private final Assembler a;
    private final AttentionKernel kernel;
    private final Gpr block;
    private final int lanes;
    private final Gpr column;
    private final Gpr results;

    ValuesCode(Assembler a, AttentionKernel kernel, Gpr block) {
        this.a = a;
        this.kernel = kernel;
        this.block = block;
        lanes = a.vectorBytes() / 4;
        column = a.general();
        results = a.general();
    }

    void emit() {
        a.mov(column, mem(block, AttentionKernel.KEYS));
        a.add(column, kernel.partBytes());
        a.mov(results, mem(block, AttentionKernel.RESULTS));
        int registers = kernel.headDim() / lanes;
        int most = Math.min(registers, ((a.hasAvx512() ? 32 : 16) - 1) / (kernel.queries() + 1));
        int panels = (registers + most - 1) / most;
        int width = (registers + panels - 1) / panels;
        if (kernel.element().hasScales()) {
            // Not a loop: a panel may begin within the columns of one scale.
            for (int i = 0; i < registers; i += width) {
                int first = i;
                a.inScope(() -> panel(Math.min(width, registers - first), first * lanes));
            }
            return;
        }
        Gpr left = a.general();
        a.mov(left, registers / width);
        a.loop(left, () -> panel(width, 0));
        if (registers % width != 0) {
            a.inScope(() -> panel(registers % width, 0));
        }
    }

    /// Sums `width` registers of columns over all pages.
    ///
    /// @param first of the columns; counts only where numbers have scales
    private void panel(int width, int first) {
        VectorRegister[] sums = a.vectors(kernel.queries() * width);
        for (VectorRegister sum : sums) {
            a.clear(sum);
        }
        Gpr weights = a.general();
        Gpr page = a.general();
        a.mov(weights, mem(block, AttentionKernel.LOGITS));
        a.xor(page, page);
        Label next = a.label("next");
        Label masked = a.label("masked");
        Label top = a.here("page");
        Gpr values = a.general();
        ValueRows rows = new ValueRows(a, kernel, values, first);
        a.mov(values, mem(block, AttentionKernel.OFFSETS));
        a.mov(values, mem(values, page, 8, 0));
        a.add(values, column);
        rows.begin();
        a.cmp(page, mem(block, AttentionKernel.FULL_BEGIN));
        a.jcc(Condition.L, masked);
        a.cmp(page, mem(block, AttentionKernel.FULL_END));
        a.jcc(Condition.GE, masked);
        a.inScope(() -> positions(width, rows, weights, sums, false));
        a.jmp(next);
        a.bind(masked);
        a.inScope(() -> positions(width, rows, weights, sums, true));
        a.bind(next);
        // The loops over positions have moved it by one query's weights.
        a.add(weights, kernel.logitsBytes() - 4 * AttentionKernel.PAGE);
        a.inc(page);
        a.cmp(page, mem(block, AttentionKernel.PAGES));
        a.jcc(Condition.L, top);
        store(width, sums);
        a.add(column, width * lanes * kernel.element().bytes());
        a.add(results, width * a.vectorBytes());
    }

    private void positions(
            int width, ValueRows rows, Gpr weights, VectorRegister[] sums, boolean masked) {
        Gpr steps = a.general();
        a.mov(steps, AttentionKernel.PAGE / UNROLLED);
        a.loop(
                steps,
                () -> {
                    for (int p = 0; p < UNROLLED; p++) {
                        if (masked && !a.hasAvx512()) {
                            maskedPosition(p, width, rows, weights, sums);
                        } else {
                            position(p, width, rows, weights, sums, masked);
                        }
                    }
                    rows.advance(UNROLLED);
                    a.add(weights, 4 * UNROLLED);
                });
    }

    private void position(
            int p, int width, ValueRows rows, Gpr weights, VectorRegister[] sums, boolean masked) {
        a.inScope(() -> {
            VectorRegister[] row = a.vectors(width);
            rows.load(p, row);
            VectorRegister factor = a.vector();
            MaskRegister seen = a.mask();
            for (int q = 0; q < kernel.queries(); q++) {
                a.vbroadcastss(factor, mem(weights, 4 * (q * AttentionKernel.PAGE + p)));
                if (masked) {
                    a.vcmpps(seen, factor, factor, ORDERED);
                }
                for (int i = 0; i < width; i++) {
                    VectorRegister sum = sums[q * width + i];
                    a.vfmadd231ps(masked ? sum.masked(seen) : sum, row[i], factor);
                }
            }
        });
    }

    /// Without mask registers: where the weight is not a number, both factors become 0 and their
    /// product is taken away, which leaves the sum as it is, whatever its sign. So the other
    /// weights have to be negated.
    private void maskedPosition(
            int p, int width, ValueRows rows, Gpr weights, VectorRegister[] sums) {
        a.inScope(() -> {
            VectorRegister factor = a.vector();
            VectorRegister seen = a.vector();
            VectorRegister row = a.vector();
            Memory sign = Constants.all(a, Integer.MIN_VALUE);
            for (int q = 0; q < kernel.queries(); q++) {
                a.vbroadcastss(factor, mem(weights, 4 * (q * AttentionKernel.PAGE + p)));
                a.vcmpps(seen, factor, factor, ORDERED);
                a.vxorps(factor, factor, sign);
                a.vandps(factor, factor, seen);
                for (int i = 0; i < width; i++) {
                    rows.load(p, i, row);
                    a.vandps(row, row, seen);
                    a.vfnmadd231ps(sums[q * width + i], row, factor);
                }
            }
        });
    }

    private void store(int width, VectorRegister[] sums) {
        VectorRegister factor = a.vector();
        for (int i = 0; i < sums.length; i++) {
            int q = i / width;
            if (i % width == 0) {
                a.vbroadcastss(factor, mem(block, AttentionKernel.FACTORS + 4 * q));
            }
            a.vmulps(sums[i], sums[i], factor);
            int place = kernel.resultOffset(q) + i % width * a.vectorBytes();
            a.vmovups(mem(results, place), sums[i]);
        }
    }
}
