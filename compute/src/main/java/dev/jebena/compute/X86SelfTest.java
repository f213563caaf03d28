package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Small products of one format, compared with the reference bit by bit; they use the functions
/// that most of the work will be done by, so that no time goes into others: two full groups of
/// rows, since the first takes other code than the next, and one row.
final class X86SelfTest {
    /// Two tiles and, for one row, a part of a third.
    private static final int OUTPUTS = 35;

    private X86SelfTest() {}

    static boolean passes(X86Kernels kernels, DataType type) {
        try (Arena arena = Arena.ofConfined()) {
            SplittableRandom random = new SplittableRandom(type.ggufId());
            int columns = Math.max(64, type.blockSize());
            WeightMatrix w = weights(arena, random, type, columns);
            TiledMatrix packed = X86Kernels.tiled(type, OUTPUTS, columns, arena);
            kernels.pack(w, 0, OUTPUTS, packed, 0);
            int rows = 2 * kernels.rowsAtATime(packed);
            FloatMatrix x = FloatMatrix.allocate(arena, rows, columns);
            for (int i = 0; i < rows * columns; i++) {
                x.set(i / columns, i % columns, (float) random.nextDouble(-1, 1));
            }
            return sameRounding(kernels, x, arena)
                    && sameProduct(kernels, w, packed, x, kernels.outputsAtATime(packed), arena)
                    && sameProduct(kernels, w, packed, x.slice(0, 1), OUTPUTS, arena);
        }
    }

    /// Random bits, with scales that are numbers of ordinary size.
    private static WeightMatrix weights(
            Arena arena, SplittableRandom random, DataType type, int columns) {
        MemorySegment data = arena.allocate(OUTPUTS * type.bytes(columns));
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        int scale =
                switch (type) {
                    case Q2_K -> 80;
                    case Q3_K -> 108;
                    case Q6_K -> 208;
                    default -> 0;
                };
        boolean two = scale == 80 || new IntegerBlock(type).offsets;
        for (long block = 0; block < data.byteSize(); block += type.blockBytes()) {
            for (int i = 0; i < (two ? 2 : 1); i++) {
                Stored.putHalf(data, block + scale + 2L * i, (float) random.nextDouble(-1, 1));
            }
        }
        return new WeightMatrix(type, OUTPUTS, columns, data);
    }

    private static QuantizedRows rounded(Kernels kernels, FloatMatrix x, Arena arena) {
        QuantizedRows rows = QuantizedRows.allocate(arena, x.rows(), x.columns());
        for (int row = 0; row < x.rows(); row++) {
            kernels.quantize(x, row, rows);
        }
        return rows;
    }

    private static boolean sameRounding(Kernels kernels, FloatMatrix x, Arena arena) {
        QuantizedRows expected = rounded(Kernels.scalar(), x, arena);
        return rounded(kernels, x, arena).data().mismatch(expected.data()) < 0;
    }

    private static boolean sameProduct(
            X86Kernels kernels,
            WeightMatrix w,
            TiledMatrix packed,
            FloatMatrix x,
            int outputs,
            Arena arena) {
        QuantizedRows rows = rounded(Kernels.scalar(), x, arena);
        FloatMatrix expected = FloatMatrix.allocate(arena, x.rows(), OUTPUTS);
        FloatMatrix actual = FloatMatrix.allocate(arena, x.rows(), OUTPUTS);
        ScalarInt8.multiply(w, rows, expected, 0, outputs);
        kernels.multiply(packed, rows, actual, 0, outputs);
        for (int row = 0; row < x.rows(); row++) {
            if (!Arrays.equals(expected.row(row), actual.row(row))) {
                return false;
            }
        }
        return true;
    }
}
