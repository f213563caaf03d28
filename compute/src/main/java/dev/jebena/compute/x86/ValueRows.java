package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// A walk over the rows of values of a page: pieces of them as float32.
final class ValueRows {
    private final Assembler a;
    private final AttentionKernel kernel;
    private final Gpr values;
    private final Gpr scales;
    private final int column;
    private final int lanes;

    /// @param values will point to the first of the columns; it is moved
    /// @param column which one that is; counts only where numbers have scales
    ValueRows(Assembler a, AttentionKernel kernel, Gpr values, int column) {
        this.a = a;
        this.kernel = kernel;
        this.values = values;
        this.column = column;
        scales = kernel.element().hasScales() ? a.general() : values;
        lanes = a.vectorBytes() / 4;
    }

    /// Begins at the first position of a page.
    void begin() {
        if (kernel.element().hasScales()) {
            a.lea(scales, mem(values, kernel.scalesOffset() - column));
        }
    }

    /// Loads the first columns of the position `p` steps ahead.
    void load(int p, VectorRegister[] row) {
        a.inScope(() -> {
            boolean scaled = kernel.element().hasScales();
            VectorRegister scale = scaled ? a.vector() : row[0];
            for (int i = 0; i < row.length; i++) {
                number(p, i, row[i]);
                if (scaled) {
                    if (i == 0 || (column + i * lanes) % KvElement.BLOCK == 0) {
                        scale(p, i, scale);
                    }
                    a.vmulps(row[i], row[i], scale);
                }
            }
        });
    }

    /// Loads one register of columns, number `i`.
    void load(int p, int i, VectorRegister d) {
        number(p, i, d);
        if (kernel.element().hasScales()) {
            a.inScope(() -> {
                VectorRegister scale = a.vector();
                scale(p, i, scale);
                a.vmulps(d, d, scale);
            });
        }
    }

    private void number(int p, int i, VectorRegister d) {
        int at = p * kernel.headDim() + lanes * i;
        kernel.element().load(a, d, mem(values, at * kernel.element().bytes()));
    }

    private void scale(int p, int i, VectorRegister d) {
        int line = (column + i * lanes) / KvElement.BLOCK;
        VectorRegister half = d.as(d.bits() / 2);
        a.vpbroadcastw(half, mem(scales, 2 * (line * AttentionKernel.PAGE + p)));
        a.vcvtph2ps(d, half);
    }

    void advance(int positions) {
        a.add(values, positions * kernel.headDim() * kernel.element().bytes());
        if (kernel.element().hasScales()) {
            a.add(scales, 2 * positions);
        }
    }
}
