package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the transforms of minimal filtering for AVX-512, sixteen channels at a time: a linear map
/// down the columns of a square, then the same along its rows.
///
/// `(squares, table of byte offsets, count, tiles, bytes from one tile to the next, from one plane
/// of tiles to the next)`; the count is positive.
public final class WinogradCode {
    private static final int TILE = 4;

    private final Assembler a;
    private final int side;
    private final Gpr squares;
    private final Gpr table;
    private final Gpr count;
    private final Gpr tileBytes;

    /// Where each row of a tile begins.
    private final Gpr[] rows = new Gpr[TILE];

    private final Gpr planeBytes;
    private final Gpr threePlanes;
    private final Gpr offset;
    private final VectorRegister half;

    private WinogradCode(String name, int side) {
        this.side = side;
        a = Assembler.avx512("winograd_" + name);
        a.save(5);
        Gpr[] in = a.arguments(6);
        squares = in[0];
        table = in[1];
        count = in[2];
        rows[0] = in[3];
        tileBytes = in[4];
        planeBytes = in[5];
        for (int i = 1; i < TILE; i++) {
            rows[i] = a.general();
            a.lea(rows[i], mem(rows[i - 1], planeBytes, 4, 0));
        }
        threePlanes = a.general();
        a.lea(threePlanes, mem(planeBytes, planeBytes, 2, 0));
        offset = a.general();
        half = a.vector();
        a.fill(half, 0.5f);
    }

    /// A map of some registers, which are lost or returned.
    private interface Line {
        VectorRegister[] of(Assembler a, VectorRegister half, VectorRegister[] x);
    }

    public static Assembler input() {
        return new WinogradCode("input", 4)
                .toTiles((a, half, x) -> {
                    VectorRegister sum = a.vector();
                    a.vaddps(sum, x[1], x[2]);
                    a.vsubps(x[0], x[0], x[2]);
                    a.vsubps(x[3], x[3], x[1]);
                    a.vsubps(x[2], x[2], x[1]);
                    a.free(x[1]);
                    return new VectorRegister[] {x[0], sum, x[2], x[3]};
                });
    }

    public static Assembler weight() {
        return new WinogradCode("weight", 3)
                .toTiles((a, half, x) -> {
                    VectorRegister sum = a.vector();
                    a.vaddps(sum, x[0], x[2]);
                    VectorRegister difference = a.vector();
                    a.vsubps(difference, sum, x[1]);
                    a.vaddps(sum, sum, x[1]);
                    a.vmulps(sum, sum, half);
                    a.vmulps(difference, difference, half);
                    a.free(x[1]);
                    return new VectorRegister[] {x[0], sum, difference, x[2]};
                });
    }

    public static Assembler gradient() {
        return new WinogradCode("gradient", 2)
                .toTiles((a, half, x) -> {
                    VectorRegister sum = a.vector();
                    a.vaddps(sum, x[0], x[1]);
                    VectorRegister difference = a.vector();
                    a.vsubps(difference, x[0], x[1]);
                    return new VectorRegister[] {x[0], sum, difference, x[1]};
                });
    }

    public static Assembler output() {
        return new WinogradCode("output", 2)
                .toSquares((a, half, x) -> {
                    a.vaddps(x[0], x[0], x[1]);
                    a.vaddps(x[0], x[0], x[2]);
                    a.vsubps(x[1], x[1], x[2]);
                    a.vaddps(x[1], x[1], x[3]);
                    a.free(x[2], x[3]);
                    return new VectorRegister[] {x[0], x[1]};
                });
    }

    public static Assembler weightGradient() {
        return new WinogradCode("weight_gradient", 3)
                .toSquares((a, half, x) -> {
                    VectorRegister middle = a.vector();
                    a.vaddps(middle, x[1], x[2]);
                    a.vmulps(middle, middle, half);
                    a.vsubps(x[1], x[1], x[2]);
                    a.vmulps(x[1], x[1], half);
                    a.vaddps(x[0], x[0], middle);
                    a.vaddps(x[3], x[3], middle);
                    a.free(x[2], middle);
                    return new VectorRegister[] {x[0], x[1], x[3]};
                });
    }

    private Assembler toTiles(Line line) {
        return emit(() -> {
            VectorRegister[][] y = map(line, load(side, this::square));
            store(y, this::tile);
        });
    }

    private Assembler toSquares(Line line) {
        return emit(() -> {
            VectorRegister[][] y = map(line, load(TILE, this::tile));
            store(y, this::square);
        });
    }

    private Assembler emit(Runnable item) {
        a.loop(
                count,
                () ->
                        a.inScope(() -> {
                            item.run();
                            a.add(table, 8 * side * side);
                            for (Gpr row : rows) {
                                a.add(row, tileBytes);
                            }
                        }));
        a.leave();
        return a;
    }

    /// Where element (i, j) lies.
    private interface Elements {
        Memory at(int i, int j);
    }

    private Memory square(int i, int j) {
        a.mov(offset, mem(table, 8 * (side * i + j)));
        return mem(squares, offset, 1, 0);
    }

    private Memory tile(int i, int j) {
        return switch (j) {
            case 0 -> mem(rows[i], 0);
            case 3 -> mem(rows[i], threePlanes, 1, 0);
            default -> mem(rows[i], planeBytes, j, 0);
        };
    }

    private VectorRegister[][] load(int size, Elements elements) {
        VectorRegister[][] x = new VectorRegister[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                x[i][j] = a.vector();
                a.vmovups(x[i][j], elements.at(i, j));
            }
        }
        return x;
    }

    private void store(VectorRegister[][] y, Elements elements) {
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < y[i].length; j++) {
                a.vmovups(elements.at(i, j), y[i][j]);
                a.free(y[i][j]);
            }
        }
    }

    private VectorRegister[][] map(Line line, VectorRegister[][] x) {
        VectorRegister[][] columns = new VectorRegister[x.length][];
        for (int j = 0; j < x.length; j++) {
            VectorRegister[] column = new VectorRegister[x.length];
            for (int i = 0; i < x.length; i++) {
                column[i] = x[i][j];
            }
            columns[j] = line.of(a, half, column);
        }
        VectorRegister[][] y = new VectorRegister[columns[0].length][];
        for (int i = 0; i < y.length; i++) {
            VectorRegister[] row = new VectorRegister[x.length];
            for (int j = 0; j < x.length; j++) {
                row[j] = columns[j][i];
            }
            y[i] = line.of(a, half, row);
        }
        return y;
    }
}
