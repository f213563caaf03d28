package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The vector kernels give the bits of the reference, for all types, sizes and batches.
class VectorMatmulTest {
    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomData.generator(2);
    private final Kernels vector = VectorKernels.cold();
    private final Kernels scalar = Kernels.scalar();

    @AfterEach
    void free() {
        arena.close();
    }

    private static void assertSameBits(FloatMatrix actual, FloatMatrix expected, String what) {
        for (int row = 0; row < expected.rows(); row++) {
            float[] a = actual.row(row);
            float[] e = expected.row(row);
            if (!Arrays.equals(a, e)) {
                int at = Arrays.mismatch(a, e);
                assertThat(a[at]).as("%s, row %d, column %d", what, row, at).isEqualTo(e[at]);
            }
        }
    }

    private void checkMatmul(WeightMatrix w, int m, int begin, int end) {
        FloatMatrix x = RandomData.floats(arena, random, m, w.columns());
        FloatMatrix expected = FloatMatrix.allocate(arena, m, w.rows());
        FloatMatrix actual = FloatMatrix.allocate(arena, m, w.rows());
        scalar.matmul(w, x, expected, begin, end);
        vector.matmul(w, x, actual, begin, end);
        assertSameBits(
                actual, expected, "%s %dx%d, M %d".formatted(w.type(), w.rows(), w.columns(), m));
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void matmulOfEveryTypeHasTheBitsOfTheReference(DataType type) {
        for (int columns : new int[] {256, 512, 1280}) {
            for (int m : new int[] {1, 2, 5}) {
                WeightMatrix w = RandomData.blocks(arena, random, type, 11, columns);
                checkMatmul(w, m, 0, 11);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"F32", "F16", "BF16", "F64", "I8"})
    void matmulOfAnyWidthHasTheBitsOfTheReference(DataType type) {
        for (int columns : new int[] {0, 1, 3, 15, 16, 17, 31, 33, 48, 100, 257}) {
            for (int m : new int[] {0, 1, 4}) {
                WeightMatrix w = RandomData.blocks(arena, random, type, 5, columns);
                checkMatmul(w, m, 0, 5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Q4_1", "Q8_0", "F32", "F16"})
    void resultsDoNotDependOnTheBatch(DataType type) {
        WeightMatrix w = RandomData.blocks(arena, random, type, 9, 96);
        FloatMatrix x = RandomData.floats(arena, random, 17, 96);
        FloatMatrix expected = FloatMatrix.allocate(arena, 17, 9);
        scalar.matmul(w, x, expected, 0, 9);
        for (int m = 1; m <= 17; m++) {
            FloatMatrix actual = FloatMatrix.allocate(arena, m, 9);
            vector.matmul(w, x.slice(17 - m, 17), actual, 0, 9);
            assertSameBits(actual, expected.slice(17 - m, 17), type + " M " + m);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void resultsDoNotDependOnTheSplitOfRows(int m) {
        for (DataType type : new DataType[] {DataType.Q5_0, DataType.Q6_K, DataType.F32}) {
            WeightMatrix w = RandomData.blocks(arena, random, type, 150, 256);
            FloatMatrix x = RandomData.floats(arena, random, m, 256);
            FloatMatrix expected = FloatMatrix.allocate(arena, m, 150);
            vector.matmul(w, x, expected, 0, 150);
            for (int step : new int[] {1, 2, 7, 64}) {
                FloatMatrix actual = FloatMatrix.allocate(arena, m, 150);
                for (int r = 0; r < 150; r += step) {
                    vector.matmul(w, x, actual, r, Math.min(150, r + step));
                }
                assertSameBits(actual, expected, type + " in steps of " + step);
            }
        }
    }

    @Test
    void onlyTheGivenRowsAreWritten() {
        WeightMatrix w = RandomData.blocks(arena, random, DataType.Q8_0, 20, 64);
        FloatMatrix x = RandomData.floats(arena, random, 3, 64);
        FloatMatrix y = FloatMatrix.allocate(arena, 4, 20);
        vector.matmul(w, x, y, 5, 11);
        for (int m = 0; m < 4; m++) {
            for (int r = 0; r < 20; r++) {
                boolean written = m < 3 && r >= 5 && r < 11;
                assertThat(y.get(m, r) != 0).as("[%d, %d]", m, r).isEqualTo(written);
            }
        }
    }

    @Test
    void notANumberAndInfinityComeThrough() {
        for (DataType type : new DataType[] {DataType.F32, DataType.F16, DataType.Q8_0}) {
            WeightMatrix w = RandomData.blocks(arena, random, type, 4, 64);
            FloatMatrix x = RandomData.floats(arena, random, 5, 64);
            x.set(0, 3, Float.NaN);
            x.set(1, 40, Float.POSITIVE_INFINITY);
            FloatMatrix y = FloatMatrix.allocate(arena, 5, 4);
            vector.matmul(w, x, y, 0, 4);
            for (int r = 0; r < 4; r++) {
                assertThat(y.get(0, r)).isNaN();
                assertThat(Math.abs(y.get(1, r))).isInfinite();
                assertThat(y.get(2, r)).isFinite();
            }
        }
    }

    @Test
    void everyFloat16DecodesToItself() {
        MemorySegment data = arena.allocate(2 << 16);
        for (int bits = 0; bits < 1 << 16; bits++) {
            data.set(ValueLayout.JAVA_SHORT, 2L * bits, (short) bits);
        }
        FloatMatrix out = FloatMatrix.allocate(arena, 1, 1 << 16);
        vector.decodeRow(new WeightMatrix(DataType.F16, 1, 1 << 16, data), 0, out, 0);
        for (int bits = 0; bits < 1 << 16; bits++) {
            float expected = Float.float16ToFloat((short) bits);
            assertThat(Float.compare(out.get(0, bits), expected)).as("%x", bits).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void decodeRowHasTheBitsOfTheReference(DataType type) {
        WeightMatrix w = RandomData.blocks(arena, random, type, 3, 768);
        FloatMatrix expected = FloatMatrix.allocate(arena, 2, 768);
        FloatMatrix actual = FloatMatrix.allocate(arena, 2, 768);
        scalar.decodeRow(w, 2, expected, 1);
        vector.decodeRow(w, 2, actual, 1);
        assertSameBits(actual, expected, type.toString());
    }
}
