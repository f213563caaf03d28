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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Assembled attention gives the bits of the reference, however rows are grouped, and touches
/// nothing beyond its pages and rows. Positions that are not in use hold NaN here.
@ParameterizedClass
@ValueSource(strings = {"avx512", "avx2"})
class X86AttentionTest {
    private final RandomGenerator random = RandomData.generator(41);
    private final Kernels scalar = Kernels.scalar();

    private final Kernels x86;
    private final GuardedMemory memory = new GuardedMemory();

    X86AttentionTest(String cpu) {
        x86 = X86RowKernels.create(scalar, CpuFeatures.detected().only(cpu));
        assumeTrue(x86 != scalar, "no " + cpu + " here");
    }

    @AfterEach
    void free() {
        memory.close();
    }

    /// Compares rows at `position` and after it, of a sequence of `length` positions.
    private void check(AttentionShape shape, DataType type, int length, int rows, int position) {
        check(shape, type, length, rows, position, 1);
    }

    private void check(
            AttentionShape shape, DataType type, int length, int rows, int position, float width) {
        int kvWidth = shape.kvHeads() * shape.headDim();
        int columns = shape.heads() * shape.headDim();
        long pageBytes = KvPages.pageBytes(type, shape.kvHeads(), shape.headDim());
        int pages = (length + KvPages.PAGE - 1) / KvPages.PAGE;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = memory.allocate(pages * pageBytes, random);
            data.fill((byte) -1);
            KvPages kv = new KvPages(data, type, new long[pages], length);
            for (int i = 0; i < pages; i++) {
                kv.offsets()[i] = (i + 1) % pages * pageBytes;
            }
            FloatMatrix keys = RandomData.floats(arena, random, length, kvWidth);
            FloatMatrix values = RandomData.floats(arena, random, length, kvWidth);
            for (int p = 0; p < length; p++) {
                long page = kv.offsets()[p / KvPages.PAGE];
                int slot = p % KvPages.PAGE;
                scalar.storeKv(
                        data, type, page, slot, keys, values, p, shape.kvHeads(), shape.headDim());
            }
            FloatMatrix q = matrix(rows, columns);
            FloatMatrix source = RandomData.floats(arena, random, rows, columns);
            FloatMatrix expected = FloatMatrix.allocate(arena, rows, columns);
            FloatMatrix actual = matrix(rows, columns);
            for (int row = 0; row < rows; row++) {
                float[] line = source.row(row);
                for (int i = 0; i < line.length; i++) {
                    line[i] *= width;
                }
                q.setRow(row, line);
            }
            for (int head = 0; head < shape.kvHeads(); head++) {
                scalar.attend(q, expected, 0, rows, position, head, shape, kv);
            }
            String what =
                    "%s %s length %d, %d rows at %d".formatted(shape, type, length, rows, position);
            for (int together : new int[] {rows, 1 + random.nextInt(rows)}) {
                actual.data().fill((byte) -1);
                for (int row = 0; row < rows; row += together) {
                    int end = Math.min(rows, row + together);
                    for (int head = 0; head < shape.kvHeads(); head++) {
                        x86.attend(q, actual, row, end, position + row, head, shape, kv);
                    }
                }
                for (int row = 0; row < rows; row++) {
                    assertThat(actual.row(row))
                            .as("%s, row %d of groups of %d", what, row, together)
                            .containsExactly(expected.row(row));
                }
            }
        }
        memory.clear();
    }

    private FloatMatrix matrix(int rows, int columns) {
        MemorySegment data = memory.allocate(4L * rows * columns, random);
        return new FloatMatrix(rows, columns, columns, data);
    }

    @Test
    void attentionHasTheBitsOfTheReference() {
        for (int headDim : new int[] {16, 64, 80, 256}) {
            for (int group : new int[] {1, 3, 4, 7}) {
                DataType type = group == 3 ? DataType.F32 : DataType.F16;
                AttentionShape shape = new AttentionShape(2 * group, 2, headDim, 0.3f, 0, 0, true);
                check(shape, type, 1, 1, 0);
                check(shape, type, 33, 33, 0);
                check(shape, type, 70, 5, 65);
                check(shape, type, 161, 1, 160);
            }
        }
    }

    @Test
    void attentionToEightBitsHasTheBitsOfTheReference() {
        for (int headDim : new int[] {32, 64, 96, 128, 160, 256, 512}) {
            for (int group : new int[] {1, 2, 3, 4, 5, 7}) {
                AttentionShape shape = new AttentionShape(2 * group, 2, headDim, 0.3f, 0, 0, true);
                check(shape, DataType.Q8_0, 1, 1, 0);
                check(shape, DataType.Q8_0, 33, 33, 0);
                check(shape, DataType.Q8_0, 70, 5, 65);
                check(shape, DataType.Q8_0, 161, 1, 160);
            }
        }
    }

    @Test
    void windowsAndBothDirectionsHaveTheBitsOfTheReference() {
        for (int window : new int[] {0, 1, 7, 32, 40, 100}) {
            for (boolean causal : new boolean[] {true, false}) {
                for (int group : new int[] {1, 3, 4}) {
                    AttentionShape shape =
                            new AttentionShape(group, 1, 32, 0.5f, window, 0, causal);
                    for (DataType type : new DataType[] {DataType.F16, DataType.Q8_0}) {
                        check(shape, type, 150, 150, 0);
                        check(shape, type, 150, 2, 148);
                        check(shape, type, 150, 20, 101);
                    }
                }
            }
        }
    }

    @Test
    void capsHaveTheBitsOfTheReference() {
        for (float cap : new float[] {1.5f, 50}) {
            for (int window : new int[] {0, 50}) {
                AttentionShape shape = new AttentionShape(4, 2, 64, 0.3f, window, cap, true);
                for (DataType type : new DataType[] {DataType.F16, DataType.Q8_0}) {
                    check(shape, type, 120, 40, 80);
                    check(shape, type, 120, 3, 117, 9);
                }
            }
        }
    }

    @Test
    void logitsThatFallHaveTheBitsOfTheReference() {
        for (boolean causal : new boolean[] {true, false}) {
            for (int window : new int[] {0, 50}) {
                AttentionShape shape =
                        new AttentionShape(6, 2, 64, 0.3f, window, 0, causal).withAlibi(8);
                for (DataType type : new DataType[] {DataType.F16, DataType.Q8_0}) {
                    check(shape, type, 1, 1, 0);
                    check(shape, type, 120, 120, 0);
                    check(shape, type, 161, 3, 158);
                }
            }
        }
    }

    @Test
    void manyQueriesOfOneWideHeadHaveTheBitsOfTheReference() {
        AttentionShape shape = new AttentionShape(16, 1, 576, 0.1f, 0, 0, true);
        check(shape, DataType.F16, 70, 5, 65);
        check(shape, DataType.Q8_0, 40, 1, 39);
    }

    @Test
    void sinksHaveTheBitsOfTheReference() {
        try (Arena arena = Arena.ofConfined()) {
            for (int window : new int[] {0, 50}) {
                FloatMatrix sinks = FloatMatrix.of(arena, -9, 0, 3, 1e4f, -0.5f, 1);
                AttentionShape shape =
                        new AttentionShape(6, 2, 64, 0.3f, window, 0, true).withSinks(sinks);
                for (DataType type : new DataType[] {DataType.F16, DataType.Q8_0}) {
                    check(shape, type, 120, 40, 80);
                    check(shape, type, 120, 3, 117, 9);
                    check(shape.withSoftCap(5), type, 40, 2, 38);
                }
            }
        }
    }

    @Test
    void groupsOfMoreHeadsThanATileTakesAreCut() {
        for (int group : new int[] {12, 13, 25, 32}) {
            AttentionShape shape = new AttentionShape(group, 1, 64, 0.2f, 0, 0, true);
            check(shape, DataType.F16, 75, 3, 72);
            check(shape, DataType.Q8_0, 75, 3, 72);
        }
    }

    @Test
    void randomShapesHaveTheBitsOfTheReference() {
        for (int i = 0; i < 40; i++) {
            int kvHeads = 1 + random.nextInt(3);
            AttentionShape shape =
                    new AttentionShape(
                            kvHeads * (1 + random.nextInt(9)),
                            kvHeads,
                            16 * (1 + random.nextInt(8)),
                            random.nextFloat(),
                            random.nextBoolean() ? 0 : 1 + random.nextInt(200),
                            random.nextInt(4) == 0 ? 3 : 0,
                            random.nextInt(4) > 0);
            int rows = 1 + random.nextInt(40);
            int position = random.nextInt(200);
            DataType type = random.nextInt(4) > 0 ? DataType.F16 : DataType.F32;
            check(shape, type, position + rows, rows, position);
            if (shape.headDim() % 32 == 0) {
                check(shape, DataType.Q8_0, position + rows, rows, position);
            }
        }
    }

    @Test
    void exponentialsThatAreNearlyNothingHaveTheBitsOfTheReference() {
        AttentionShape shape = new AttentionShape(2, 1, 32, 1, 0, 0, true);
        check(shape, DataType.F32, 300, 30, 270, 6);
        check(shape, DataType.F16, 300, 30, 270, 12);
    }

    @Test
    void longRowsHaveTheBitsOfTheReference() {
        AttentionShape shape = new AttentionShape(2, 1, 16, 0.5f, 0, 0, true);
        check(shape, DataType.F16, 9000, 3, 8997);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"F16", "Q8_0"})
    void whatIsNotANumberSpoilsOnlyQueriesThatSeeIt(DataType type) {
        AttentionShape shape = new AttentionShape(3, 1, 32, 0.5f, 0, 0, true);
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix keys = RandomData.floats(arena, random, 40, 32);
            FloatMatrix values = RandomData.floats(arena, random, 40, 32);
            keys.set(39, 3, Float.NaN);
            values.set(39, 3, Float.NaN);
            values.set(38, 3, Float.POSITIVE_INFINITY);
            keys.set(20, 3, Float.NaN);
            KvPages kv = RandomData.pages(arena, x86, type, keys, values, 1, 32);
            FloatMatrix q = RandomData.floats(arena, random, 40, 96);
            FloatMatrix out = FloatMatrix.allocate(arena, 40, 96);
            x86.attend(q, out, 0, 40, 0, 0, shape, kv);
            for (int row = 0; row < 40; row++) {
                for (float value : out.row(row)) {
                    assertThat(Float.isNaN(value)).isEqualTo(row >= 20);
                }
            }
        }
    }
}
