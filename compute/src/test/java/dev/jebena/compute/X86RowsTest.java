package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.compute.x86.CpuFeatures;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Assembled norms, activations, rotations give the bits of the reference and touch nothing beyond
/// their rows, which begin or end at forbidden pages here.
@ParameterizedClass
@ValueSource(strings = {"avx512", "avx2"})
class X86RowsTest {
    private static final int[] SIZES = {1, 2, 7, 15, 16, 17, 31, 32, 33, 64, 100, 576, 1023};

    private final RandomGenerator random = RandomData.generator(31);
    private final Kernels scalar = Kernels.scalar();
    private final Kernels x86;
    private final GuardedMemory memory = new GuardedMemory();

    X86RowsTest(String cpu) {
        x86 = X86RowKernels.create(scalar, CpuFeatures.detected().only(cpu));
        assumeTrue(x86 != scalar, "no " + cpu + " here");
    }

    @AfterEach
    void free() {
        memory.close();
    }

    private interface Work {
        void run(Kernels kernels, FloatMatrix x, FloatMatrix y, FloatMatrix z, FloatMatrix out);
    }

    /// Runs `work` on rows of every size at both ends of the memory, special numbers included, and
    /// compares the results in the first and the last matrix.
    private void compare(Work work) {
        for (int n : SIZES) {
            for (int variant = 0; variant < 7; variant++) {
                compare(work, n, variant);
                compare(work, n, variant);
                memory.clear();
            }
        }
    }

    private void compare(Work work, int n, int variant) {
        float[] special = {0, 0, Float.NaN, Float.NEGATIVE_INFINITY, -0f, 1e30f, -95f};
        float[][] start = new float[4][n];
        for (int m = 0; m < 4; m++) {
            for (int i = 0; i < n; i++) {
                start[m][i] = (float) random.nextGaussian() * (variant == 1 && m == 0 ? 40 : 1);
            }
        }
        if (variant > 1) {
            start[0][random.nextInt(n)] = special[variant];
        }
        FloatMatrix[] expected = new FloatMatrix[4];
        FloatMatrix[] actual = new FloatMatrix[4];
        try (Arena arena = Arena.ofConfined()) {
            for (int m = 0; m < 4; m++) {
                expected[m] = FloatMatrix.of(arena, start[m]);
                actual[m] = row(n);
                actual[m].setRow(0, start[m]);
            }
            work.run(scalar, expected[0], expected[1], expected[2], expected[3]);
            work.run(x86, actual[0], actual[1], actual[2], actual[3]);
            for (int m = 0; m < 4; m++) {
                assertThat(actual[m].row(0))
                        .as("matrix %d of %d columns, variant %d", m, n, variant)
                        .containsExactly(expected[m].row(0));
            }
        }
    }

    private FloatMatrix row(int n) {
        return new FloatMatrix(1, n, n, memory.allocate(4L * n, random));
    }

    @Test
    void normsHaveTheBitsOfTheReference() {
        compare((k, x, y, z, out) -> k.rmsNorm(x, 0, y, 1e-5f, out));
        compare((k, x, y, z, out) -> k.rmsNorm(x, 0, y, 1e-6f, x));
        compare((k, x, y, z, out) -> k.layerNorm(x, 0, y, z, 1e-5f, out));
        compare((k, x, y, z, out) -> k.layerNorm(x, 0, y, z, 1e-5f, x));
    }

    @Test
    void activationsHaveTheBitsOfTheReference() {
        compare((k, x, y, z, out) -> k.siluMultiply(x, y, 0));
        compare((k, x, y, z, out) -> k.geluMultiply(x, y, 0));
        compare((k, x, y, z, out) -> k.gelu(x, 0));
        compare((k, x, y, z, out) -> k.add(x, 0, y, 0));
    }

    @Test
    void exponentialsHaveTheBitsOfTheReferenceOverTheirWholeRange() {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix x = FloatMatrix.allocate(arena, 2, 20000);
            for (int i = 0; i < 20000; i++) {
                float value = (i - 10000) / 90f;
                x.set(0, i, value);
                x.set(1, i, value);
            }
            FloatMatrix ones = FloatMatrix.allocate(arena, 2, 20000);
            for (int i = 0; i < 20000; i++) {
                ones.set(0, i, 1);
                ones.set(1, i, 1);
            }
            scalar.siluMultiply(x, ones, 0);
            x86.siluMultiply(x, ones, 1);
            assertThat(x.row(1)).containsExactly(x.row(0));
        }
    }

    @Test
    void largestAndLogSumExpHaveTheBitsOfTheReference() {
        compare((k, x, y, z, out) -> out.set(0, 0, k.argmax(x, 0)));
        compare((k, x, y, z, out) -> out.set(0, 0, k.logSumExp(x, 0)));
    }

    @Test
    void argmaxTakesTheFirstOfEqualsAndIgnoresWhatIsNotANumber() {
        for (int n : SIZES) {
            FloatMatrix x = row(n);
            for (int repeat = 0; repeat < 20; repeat++) {
                int first = random.nextInt(n);
                for (int i = 0; i < n; i++) {
                    boolean equal = i == first || (i > first && random.nextInt(3) == 0);
                    x.set(0, i, equal ? 7 : random.nextInt(3) == 0 ? Float.NaN : -1);
                }
                assertThat(x86.argmax(x, 0)).isEqualTo(first);
            }
            for (float none : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
                x.data().fill((byte) 0);
                for (int i = 0; i < n; i++) {
                    x.set(0, i, i == 0 ? Float.NaN : none);
                }
                assertThat(x86.argmax(x, 0)).isZero();
            }
        }
    }

    @Test
    void rotationsHaveTheBitsOfTheReference() {
        for (int rotated : new int[] {2, 6, 16, 18, 32, 40, 64, 66}) {
            for (boolean neighbours : new boolean[] {false, true}) {
                for (int heads : new int[] {1, 3}) {
                    rotationIsRight(heads, 66, rotated, neighbours);
                    rotationIsRight(heads, rotated, rotated, neighbours);
                }
            }
        }
    }

    private void rotationIsRight(int heads, int headDim, int rotated, boolean neighbours) {
        int n = heads * headDim;
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix expected = RandomData.floats(arena, random, 1, n);
            FloatMatrix actual = row(n);
            actual.setRow(0, expected.row(0));
            FloatMatrix table =
                    new FloatMatrix(3, rotated, rotated, memory.allocate(12L * rotated, random));
            for (int row = 0; row < 3; row++) {
                for (int i = 0; i < rotated; i++) {
                    table.set(row, i, random.nextFloat());
                }
            }
            scalar.rope(expected, 0, heads, headDim, table, 2, rotated, neighbours);
            x86.rope(actual, 0, heads, headDim, table, 2, rotated, neighbours);
            assertThat(actual.row(0))
                    .as("%d heads of %d, %d rotated", heads, headDim, rotated)
                    .containsExactly(expected.row(0));
        }
    }

    @Test
    void storedKeysAndValuesAreTheSameBytesAsTheReference() {
        for (int headDim : new int[] {16, 48, 64, 128, 256}) {
            for (DataType type : new DataType[] {DataType.F16, DataType.F32}) {
                storeIsRight(type, headDim, 2);
                storeIsRight(type, headDim, 3);
            }
            if (headDim % 32 == 0) {
                storeIsRight(DataType.Q8_0, headDim, 2);
                storeIsRight(DataType.Q8_0, headDim, 3);
            }
        }
    }

    private void storeIsRight(DataType type, int headDim, int heads) {
        int n = heads * headDim;
        long bytes = KvPages.pageBytes(type, heads, headDim);
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix keys = row(n);
            FloatMatrix values = row(n);
            for (int i = 0; i < n; i++) {
                // Subnormal, huge and infinite float16 included.
                keys.set(0, i, (float) Math.scalb(random.nextGaussian(), random.nextInt(-26, 18)));
                values.set(0, i, (float) Math.scalb(random.nextGaussian(), random.nextInt(9)));
            }
            MemorySegment expected = arena.allocate(bytes, 64);
            MemorySegment actual = memory.allocate(bytes, random);
            expected.fill((byte) 0x55);
            actual.fill((byte) 0x55);
            for (int slot : new int[] {0, 5, KvPages.PAGE - 1}) {
                scalar.storeKv(expected, type, 0, slot, keys, values, 0, heads, headDim);
                x86.storeKv(actual, type, 0, slot, keys, values, 0, heads, headDim);
            }
            assertThat(actual.mismatch(expected)).isEqualTo(-1);
        }
    }
}
