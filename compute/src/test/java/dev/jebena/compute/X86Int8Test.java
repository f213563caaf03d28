package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.compute.x86.CpuFeatures;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The assembled products have the bits of the scalar reference, and touch nothing but their
/// buffers, which lie between pages without access.
class X86Int8Test {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 50;

    private final Arena arena = Arena.ofShared();
    private final GuardedMemory guarded = new GuardedMemory();
    private final RandomGenerator random = RandomData.generator(17);
    private final Kernels scalar = Kernels.scalar();
    private Kernels x86 = scalar;

    /// The kernels for this CPU, restricted to some of its features as `jebena.cpu` does it.
    private void assemble(String cpu) {
        CpuFeatures features = CpuFeatures.detected().only(cpu);
        x86 = X86Kernels.create(scalar, features);
        String name = cpu.equals("avxvnni") ? "avx2-vnni" : cpu;
        assumeTrue(x86.name().equals("x86-" + name), "this CPU has no " + cpu);
    }

    @AfterEach
    void free() {
        guarded.close();
        arena.close();
    }

    private FloatMatrix guardedFloats(int rows, int columns) {
        int stride = columns + random.nextInt(3);
        MemorySegment data = guarded.allocate(4L * ((rows - 1) * (long) stride + columns), random);
        for (long i = 0; i < data.byteSize(); i += 4) {
            data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) random.nextGaussian());
        }
        return new FloatMatrix(rows, columns, stride, data);
    }

    private QuantizedRows quantize(FloatMatrix x) {
        long bytes = x.rows() * QuantizedRows.rowBytes(x.columns());
        var expected = new QuantizedRows(x.rows(), x.columns(), arena.allocate(bytes));
        var actual = new QuantizedRows(x.rows(), x.columns(), guarded.allocate(bytes, random));
        for (int row = 0; row < x.rows(); row++) {
            scalar.quantize(x, row, expected);
            x86.quantize(x, row, actual);
        }
        for (int row = 0; row < x.rows(); row++) {
            for (int block = 0; block < x.columns() / 32; block++) {
                assertSameBlock(expected, actual, row, block);
            }
        }
        return actual;
    }

    private static void assertSameBlock(
            QuantizedRows expected, QuantizedRows actual, int row, int block) {
        assertThat(Float.floatToIntBits(actual.scale(row, block)))
                .isEqualTo(Float.floatToIntBits(expected.scale(row, block)));
        long at = expected.offset(row, block);
        for (int i = 0; i < QuantizedRows.BLOCK_BYTES; i++) {
            if (i < QuantizedRows.SCALE || i >= QuantizedRows.FIRST_SUM) {
                assertThat(Stored.i8(actual.data(), at + i))
                        .as("row %d, block %d, byte %d", row, block, i)
                        .isEqualTo(Stored.i8(expected.data(), at + i));
            }
        }
    }

    private PackedMatrix pack(WeightMatrix w) {
        MemorySegment stored = guarded.allocate(w.data().byteSize(), random);
        stored.copyFrom(w.data());
        long bytes = TiledMatrix.bytes(w.type(), w.rows(), w.columns());
        var packed =
                new TiledMatrix(w.type(), w.rows(), w.columns(), guarded.allocate(bytes, random));
        var source = new WeightMatrix(w.type(), w.rows(), w.columns(), stored);
        x86.pack(source, 0, w.rows(), packed, 0);
        return packed;
    }

    private void check(WeightMatrix w, int rows) {
        PackedMatrix packed = pack(w);
        QuantizedRows x = quantize(guardedFloats(rows, w.columns()));
        FloatMatrix expected = FloatMatrix.allocate(arena, rows, w.rows());
        scalar.multiply(scalar.pack(w, arena), x, expected, 0, w.rows());
        FloatMatrix actual = guardedFloats(rows, w.rows());
        int middle = random.nextInt(w.rows() / 16 + 1) * 16;
        x86.multiply(packed, x, actual, 0, middle);
        x86.multiply(packed, x, actual, middle, w.rows());
        for (int row = 0; row < rows; row++) {
            assertThat(BlockFormatTest.bits(actual.row(row)))
                    .as("%s %dx%d, row %d of %d", w.type(), w.rows(), w.columns(), row, rows)
                    .containsExactly(BlockFormatTest.bits(expected.row(row)));
        }
    }

    static List<Arguments> formatsAndCpus() {
        List<Arguments> all = new ArrayList<>();
        for (DataType type : DataType.values()) {
            for (String cpu : List.of("avx512", "avxvnni", "avx2")) {
                if (IntegerBlock.supports(type)) {
                    all.add(Arguments.of(type, cpu));
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("formatsAndCpus")
    void productsHaveTheBitsOfTheReference(DataType type, String cpu) {
        assemble(cpu);
        for (int i = 0; i < CASES; i++) {
            int columns = type.blockSize() * (1 + random.nextInt(i < 30 ? 3 : 9));
            int outputs = 1 + random.nextInt(90);
            int rows = i < 17 ? i + 1 : 1 + random.nextInt(40);
            check(RandomData.blocks(arena, random, type, outputs, columns), rows);
            guarded.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"avx512", "avxvnni", "avx2"})
    void packingAWholeMatrixTakesTheSameLayout(String cpu) {
        assemble(cpu);
        WeightMatrix w = RandomData.blocks(arena, random, DataType.Q4_1, 37, 96);
        assertThat(x86.pack(w, arena)).isInstanceOf(TiledMatrix.class);
        assertThat(
                        ((TiledMatrix) x86.pack(w, arena))
                                .data()
                                .mismatch(((TiledMatrix) pack(w)).data()))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"avx512", "avxvnni", "avx2"})
    void largeMatricesAreCutIntoPieces(String cpu) {
        assemble(cpu);
        check(RandomData.blocks(arena, random, DataType.Q8_0, 83, 4096), 70);
    }

    @Test
    void roundingHasTheBitsOfTheReferenceForStrangeNumbers() {
        assemble("avx2");
        FloatMatrix x = guardedFloats(64, 96);
        float[] strange = {
            0,
            -0f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MIN_VALUE,
            0x1p-100f,
            0x1.fffffep-101f,
            -0x1p-120f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            0.5f,
            -1.5f
        };
        for (int row = 0; row < 64; row++) {
            for (int column = 0; column < 96; column++) {
                if (row < 8) {
                    x.set(row, column, row == 0 ? 0 : strange[5 + random.nextInt(4)]);
                } else if (random.nextInt(row) == 0) {
                    x.set(row, column, strange[random.nextInt(strange.length)]);
                } else if (row % 4 == 0) {
                    x.set(row, column, random.nextInt(-127, 128) * 0.5f);
                }
            }
        }
        QuantizedRows rounded = quantize(x);
        assertThat(rounded.rows()).isEqualTo(64);
    }
}
