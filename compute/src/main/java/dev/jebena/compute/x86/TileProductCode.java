package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the innermost product of float32 matrices: `rows` rows of two registers of columns stay
/// in registers while k passes. A step loads two registers of b and multiplies them with each
/// number of a, which is broadcast once for both.
///
/// `(a panel, b panel, k, c, bytes from one row of c to the next)`; k is positive.
public final class TileProductCode {
    /// Registers of columns.
    private static final int WIDTH = 2;

    private TileProductCode() {}

    /// Most rows: as many as leave room for b and the broadcast number.
    public static int rows(boolean avx512) {
        return avx512 ? 12 : 6;
    }

    public static int columns(boolean avx512) {
        return WIDTH * (avx512 ? 16 : 8);
    }

    public static Assembler assemble(int rows, boolean avx512) {
        String name = "tile_product_" + rows;
        Assembler a = avx512 ? Assembler.avx512(name) : Assembler.avx2(name);
        Gpr[] in = a.arguments(5);
        VectorRegister[][] sums = new VectorRegister[rows][];
        for (int i = 0; i < rows; i++) {
            sums[i] = a.vectors(WIDTH);
        }
        eachRow(
                a,
                in[3],
                in[4],
                rows,
                (row, at) -> {
                    for (int j = 0; j < WIDTH; j++) {
                        a.vmovups(sums[row][j], mem(at, j * a.vectorBytes()));
                    }
                });
        VectorRegister[] right = a.vectors(WIDTH);
        VectorRegister[] left = a.vectors(avx512 ? 2 : 1);
        Gpr steps = a.general();
        a.mov(steps, in[2]);
        a.shr(steps, 2);
        a.unless(Condition.E, () -> a.loop(steps, () -> steps(a, in, sums, right, left, 4)));
        a.mov(steps, in[2]);
        a.and(steps, 3);
        a.unless(Condition.E, () -> a.loop(steps, () -> steps(a, in, sums, right, left, 1)));
        eachRow(
                a,
                in[3],
                in[4],
                rows,
                (row, at) -> {
                    for (int j = 0; j < WIDTH; j++) {
                        a.vmovups(mem(at, j * a.vectorBytes()), sums[row][j]);
                    }
                });
        a.leave();
        return a;
    }

    /// Something done with a row of c at an address.
    private interface Row {
        void emit(int row, Gpr at);
    }

    private static void eachRow(Assembler a, Gpr c, Gpr stride, int rows, Row body) {
        a.inScope(() -> {
            Gpr at = a.general();
            a.mov(at, c);
            for (int i = 0; i < rows; i++) {
                body.emit(i, at);
                if (i + 1 < rows) {
                    a.add(at, stride);
                }
            }
        });
    }

    private static void steps(
            Assembler a,
            Gpr[] in,
            VectorRegister[][] sums,
            VectorRegister[] right,
            VectorRegister[] left,
            int count) {
        int rows = sums.length;
        for (int k = 0; k < count; k++) {
            for (int j = 0; j < WIDTH; j++) {
                a.vmovups(right[j], mem(in[1], (k * WIDTH + j) * a.vectorBytes()));
            }
            for (int i = 0; i < rows; i++) {
                VectorRegister number = left[i % left.length];
                a.vbroadcastss(number, mem(in[0], 4 * (k * rows + i)));
                for (int j = 0; j < WIDTH; j++) {
                    a.vfmadd231ps(sums[i][j], number, right[j]);
                }
            }
        }
        a.add(in[0], count * rows * 4);
        a.add(in[1], count * WIDTH * a.vectorBytes());
    }
}
