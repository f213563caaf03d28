package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Norms, activations, rotations: the vector kernels give the bits of the reference.
class VectorRowsTest {
    private static final int[] SIZES = {1, 2, 15, 16, 17, 31, 32, 33, 64, 100, 576, 1537};

    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomData.generator(3);
    private final Kernels vector = VectorKernels.cold();
    private final Kernels scalar = Kernels.scalar();

    @AfterEach
    void free() {
        arena.close();
    }

    /// Runs `work` with both kernels on copies of the same rows, for all sizes, wide and special
    /// numbers included.
    private void compare(BiConsumer<Kernels, FloatMatrix> work) {
        for (int n : SIZES) {
            for (float width : new float[] {1, 30}) {
                FloatMatrix start = RandomData.floats(arena, random, 3, n);
                for (int i = 0; i < n; i++) {
                    start.set(1, i, start.get(1, i) * width);
                }
                assertSameRows(work, start);
                for (float special : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0f, 1e30f}) {
                    start.set(1, random.nextInt(n), special);
                    assertSameRows(work, start);
                }
            }
        }
    }

    private void assertSameRows(BiConsumer<Kernels, FloatMatrix> work, FloatMatrix start) {
        FloatMatrix expected = copy(start);
        FloatMatrix actual = copy(start);
        work.accept(scalar, expected);
        work.accept(vector, actual);
        for (int row = 0; row < start.rows(); row++) {
            assertThat(actual.row(row))
                    .as("%d columns", start.columns())
                    .containsExactly(expected.row(row));
        }
    }

    private FloatMatrix copy(FloatMatrix matrix) {
        FloatMatrix copy = FloatMatrix.allocate(arena, matrix.rows(), matrix.columns());
        copy.data().copyFrom(matrix.data());
        return copy;
    }

    @Test
    void silu() {
        compare((kernels, x) -> kernels.silu(x, 1));
    }

    @Test
    void addScaled() {
        compare((kernels, x) -> kernels.addScaled(x, 0, x, 1, 0.3f));
    }

    @Test
    void normsHaveTheBitsOfTheReference() {
        compare((k, x) -> k.rmsNorm(x, 1, x.slice(2, 3), 1e-5f, x));
        compare((k, x) -> k.layerNorm(x, 1, x.slice(2, 3), x.slice(0, 1), 1e-5f, x));
    }

    @Test
    void activationsHaveTheBitsOfTheReference() {
        compare((k, x) -> k.siluMultiply(x, x.slice(0, 2), 1));
        compare((k, x) -> k.geluMultiply(x, x.slice(0, 2), 1));
        compare((k, x) -> k.gelu(x, 1));
        compare((k, x) -> k.add(x, 1, x, 2));
    }

    @Test
    void largestAndLogSumExpHaveTheBitsOfTheReference() {
        compare((k, x) -> x.set(0, 0, k.argmax(x, 1)));
        compare((k, x) -> x.set(0, 0, k.logSumExp(x, 1)));
    }

    @Test
    void argmaxTakesTheFirstOfEqualsAtAnyPlace() {
        for (int n : SIZES) {
            for (int repeat = 0; repeat < 20; repeat++) {
                FloatMatrix x = FloatMatrix.allocate(arena, 1, n);
                int first = random.nextInt(n);
                for (int i = 0; i < n; i++) {
                    x.set(0, i, i == first || (i > first && random.nextInt(3) == 0) ? 7 : 1);
                }
                assertThat(vector.argmax(x, 0)).isEqualTo(first);
            }
        }
    }

    @Test
    void rotationsHaveTheBitsOfTheReference() {
        for (int rotated : new int[] {2, 6, 32, 40, 64}) {
            FloatMatrix table = RandomData.floats(arena, random, 3, rotated);
            FloatMatrix start = RandomData.floats(arena, random, 2, 3 * 66);
            for (boolean neighbours : new boolean[] {false, true}) {
                assertSameRows((k, x) -> k.rope(x, 1, 3, 66, table, 2, rotated, neighbours), start);
            }
        }
    }

    @Test
    void capsHaveTheBitsOfTheReference() {
        int n = 1600;
        FloatMatrix x = FloatMatrix.allocate(arena, 2, n);
        float[] expected = new float[n];
        for (int i = 0; i < n; i++) {
            x.set(0, i, (i - 800) / 8f);
            expected[i] = 5 * FloatMath.tanh(x.get(0, i) / 5);
        }
        VectorMath.cap(Native.row(x, 0), 5, Native.row(x, 1), n);
        assertThat(x.row(0)).containsExactly(expected);
    }
}
