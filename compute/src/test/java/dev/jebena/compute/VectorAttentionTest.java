package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Attention on vectors gives the bits of the reference, however rows are grouped.
class VectorAttentionTest {
    private final Arena arena = Arena.ofConfined();
    private final RandomGenerator random = RandomData.generator(4);
    private final Kernels vector = VectorKernels.cold();
    private final Kernels scalar = Kernels.scalar();

    @AfterEach
    void free() {
        arena.close();
    }

    private void check(AttentionShape shape, DataType type, int length, int rows, int position) {
        int width = shape.kvHeads() * shape.headDim();
        FloatMatrix keys = RandomData.floats(arena, random, length, width);
        FloatMatrix values = RandomData.floats(arena, random, length, width);
        KvPages kv =
                RandomData.pages(
                        arena, vector, type, keys, values, shape.kvHeads(), shape.headDim());
        int columns = shape.heads() * shape.headDim();
        FloatMatrix q = RandomData.floats(arena, random, rows, columns);
        FloatMatrix expected = FloatMatrix.allocate(arena, rows, columns);
        FloatMatrix together = FloatMatrix.allocate(arena, rows, columns);
        FloatMatrix apart = FloatMatrix.allocate(arena, rows, columns);
        for (int head = 0; head < shape.kvHeads(); head++) {
            scalar.attend(q, expected, 0, rows, position, head, shape, kv);
            vector.attend(q, together, 0, rows, position, head, shape, kv);
            for (int row = 0; row < rows; row++) {
                vector.attend(q, apart, row, row + 1, position + row, head, shape, kv);
            }
        }
        for (int row = 0; row < rows; row++) {
            String what = "%s %s length %d row %d".formatted(shape, type, length, row);
            assertThat(together.row(row)).as(what).containsExactly(expected.row(row));
            assertThat(apart.row(row)).as(what).containsExactly(expected.row(row));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"F16", "F32", "Q8_0"})
    void attentionHasTheBitsOfTheReference(DataType type) {
        for (int headDim :
                type == DataType.Q8_0
                        ? new int[] {32, 64, 96}
                        : new int[] {16, 48, 64, 96, 8, 20}) {
            for (int heads : new int[] {1, 3, 4}) {
                AttentionShape shape = new AttentionShape(2 * heads, 2, headDim, 0.3f, 0, 0, true);
                check(shape, type, 1, 1, 0);
                check(shape, type, 33, 33, 0);
                check(shape, type, 70, 5, 65);
                check(shape, type, 97, 1, 96);
            }
        }
    }

    @Test
    void logitsFallWithTheDistanceAsInTheReference() {
        for (boolean causal : new boolean[] {true, false}) {
            for (float cap : new float[] {0, 5}) {
                AttentionShape shape =
                        new AttentionShape(6, 2, 32, 0.5f, 0, cap, causal).withAlibi(8);
                check(shape, DataType.F16, 33, 33, 0);
                check(shape, DataType.F32, 70, 5, 65);
                check(shape, DataType.F32, 97, 1, 96);
            }
        }
    }

    @Test
    void windowsCapsAndBothDirectionsHaveTheBitsOfTheReference() {
        for (int window : new int[] {0, 1, 7, 32, 40}) {
            for (float cap : new float[] {0, 5}) {
                for (boolean causal : new boolean[] {true, false}) {
                    AttentionShape shape = new AttentionShape(3, 1, 32, 0.5f, window, cap, causal);
                    for (DataType type : new DataType[] {DataType.F16, DataType.Q8_0}) {
                        check(shape, type, 90, 90, 0);
                        check(shape, type, 90, 2, 88);
                    }
                }
            }
        }
    }

    @Test
    void sinksTakeTheirShareAsInTheReference() {
        for (float cap : new float[] {0, 5}) {
            AttentionShape shape =
                    new AttentionShape(6, 2, 32, 0.5f, 20, cap, true)
                            .withSinks(FloatMatrix.of(arena, -9, 0, 3, 1e4f, -0.5f, 1));
            check(shape, DataType.F16, 33, 33, 0);
            check(shape, DataType.Q8_0, 70, 5, 65);
            check(shape, DataType.F32, 97, 1, 96);
        }
    }

    @Test
    void longRowsAreComputedInSeveralPasses() {
        AttentionShape shape = new AttentionShape(2, 1, 16, 0.5f, 0, 0, true);
        check(shape, DataType.F16, 9000, 20, 8980);
    }

    @Test
    void storedKeysAndValuesAreTheSameBytesAsTheReference() {
        for (DataType type : new DataType[] {DataType.F16, DataType.F32, DataType.Q8_0}) {
            int headDim = type == DataType.Q8_0 ? 64 : 20;
            FloatMatrix keys = RandomData.floats(arena, random, 2, 3 * headDim);
            FloatMatrix values = RandomData.floats(arena, random, 2, 3 * headDim);
            long bytes = KvPages.pageBytes(type, 3, headDim);
            MemorySegment expected = arena.allocate(3 * bytes, 64);
            MemorySegment actual = arena.allocate(3 * bytes, 64);
            scalar.storeKv(expected, type, bytes, 5, keys, values, 1, 3, headDim);
            vector.storeKv(actual, type, bytes, 5, keys, values, 1, 3, headDim);
            assertThat(actual.mismatch(expected)).isEqualTo(-1);
        }
    }

    @Test
    void whatAQueryDoesNotSeeCannotDisturbIt() {
        AttentionShape shape = new AttentionShape(4, 1, 16, 0.5f, 0, 0, true);
        FloatMatrix keys = RandomData.floats(arena, random, 40, 16);
        FloatMatrix values = RandomData.floats(arena, random, 40, 16);
        keys.set(39, 3, Float.NaN);
        values.set(39, 3, Float.NaN);
        values.set(38, 3, Float.POSITIVE_INFINITY);
        KvPages kv = RandomData.pages(arena, vector, DataType.F16, keys, values, 1, 16);
        FloatMatrix q = RandomData.floats(arena, random, 40, 64);
        FloatMatrix out = FloatMatrix.allocate(arena, 40, 64);
        vector.attend(q, out, 0, 40, 0, 0, shape, kv);
        for (int row = 0; row < 38; row++) {
            for (float value : out.row(row)) {
                assertThat(value).isFinite();
            }
        }
        assertThat(out.get(39, 0)).isNaN();
    }
}
