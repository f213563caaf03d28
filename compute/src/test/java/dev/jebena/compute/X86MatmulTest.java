package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.compute.x86.CpuFeatures;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The assembled float32 products have the bits of the scalar reference, and touch nothing but
/// their buffers, which lie between pages without access.
@ParameterizedClass
@ValueSource(strings = {"avx512", "avx2"})
class X86MatmulTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 50;

    private final Arena arena = Arena.ofShared();
    private final GuardedMemory guarded = new GuardedMemory();
    private final RandomGenerator random = RandomData.generator(23);
    private final Kernels scalar = Kernels.scalar();
    private final Kernels x86;
    private final boolean avx512;

    X86MatmulTest(String cpu) {
        x86 = X86RowKernels.create(scalar, CpuFeatures.detected().only(cpu));
        avx512 = cpu.equals("avx512");
        assumeTrue(x86 != scalar, "no " + cpu + " here");
    }

    @AfterEach
    void free() {
        guarded.close();
        arena.close();
    }

    /// The code for AVX2 is for multiples of 16; other columns go to the kernels behind it.
    private int columns(int least) {
        return avx512 || random.nextInt(10) == 0 ? least : (least + 15) & -16;
    }

    private FloatMatrix guardedFloats(int rows, int columns) {
        int stride = columns + random.nextInt(3);
        long elements = rows == 0 ? 0 : (rows - 1) * (long) stride + columns;
        MemorySegment data = guarded.allocate(4 * elements, random);
        for (long i = 0; i < data.byteSize(); i += 4) {
            data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) random.nextGaussian());
        }
        return new FloatMatrix(rows, columns, stride, data);
    }

    private void check(WeightMatrix w, int rows) {
        MemorySegment stored = guarded.allocate(w.data().byteSize(), random);
        stored.copyFrom(w.data());
        var weights = new WeightMatrix(w.type(), w.rows(), w.columns(), stored);
        check(weights, guardedFloats(rows, w.columns()));
    }

    private void check(WeightMatrix w, FloatMatrix x) {
        FloatMatrix expected = FloatMatrix.allocate(arena, x.rows(), w.rows());
        scalar.matmul(w, x, expected, 0, w.rows());
        FloatMatrix actual = guardedFloats(x.rows(), w.rows());
        int middle = random.nextInt(w.rows() + 1);
        x86.matmul(w, x, actual, 0, middle);
        x86.matmul(w, x, actual, middle, w.rows());
        for (int row = 0; row < x.rows(); row++) {
            assertThat(BlockFormatTest.bits(actual.row(row)))
                    .as("%s %dx%d, row %d of %d", w.type(), w.rows(), w.columns(), row, x.rows())
                    .containsExactly(BlockFormatTest.bits(expected.row(row)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"F32", "F16", "BF16"})
    void productsOfPlainNumbersHaveTheBitsOfTheReference(DataType type) {
        for (int i = 0; i < 4 * CASES; i++) {
            int columns = columns(i < 70 ? i : 1 + random.nextInt(400));
            int outputs = 1 + random.nextInt(40);
            int rows = i < 17 ? i + 1 : random.nextInt(40);
            check(RandomData.blocks(arena, random, type, outputs, columns), rows);
            guarded.clear();
        }
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void productsOfEveryTypeHaveTheBitsOfTheReference(DataType type) {
        for (int i = 0; i < CASES / 4; i++) {
            int columns = type.blockSize() * (1 + random.nextInt(5));
            int outputs = 1 + random.nextInt(90);
            int rows = i < 7 ? i + 1 : 1 + random.nextInt(20);
            check(RandomData.blocks(arena, random, type, outputs, columns), rows);
            guarded.clear();
        }
    }

    @Test
    void largeMatricesAreCutIntoPieces() {
        check(RandomData.blocks(arena, random, DataType.F32, 83, columns(4099)), 20);
        check(RandomData.blocks(arena, random, DataType.Q4_0, 83, 4096), 20);
    }

    @Test
    void strangeNumbersComeThrough() {
        float[] strange = {0, -0f, Float.MIN_VALUE, -0x1p-100f, Float.MAX_VALUE, 1, -1};
        for (DataType type : new DataType[] {DataType.F32, DataType.F16, DataType.BF16}) {
            for (int least = 1; least < 40; least++) {
                int columns = columns(least);
                WeightMatrix w = RandomData.blocks(arena, random, type, 9, columns);
                float[] values = new float[9 * columns];
                for (int i = 0; i < values.length; i++) {
                    values[i] = strange[random.nextInt(strange.length)];
                }
                type.encode(values, 0, w.data(), 0, values.length);
                FloatMatrix x = guardedFloats(7, columns);
                for (int i = 0; i < 7 * columns; i++) {
                    x.set(i / columns, i % columns, strange[random.nextInt(strange.length)]);
                }
                check(w, x);
                guarded.clear();
            }
        }
    }
}
