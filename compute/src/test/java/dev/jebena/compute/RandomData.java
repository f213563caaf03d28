package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Seeded test data in native memory.
final class RandomData {
    private RandomData() {}

    /// A generator whose seed is printed, so that a failure can be repeated.
    static RandomGenerator generator(long seed) {
        System.out.println("seed " + seed);
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    static FloatMatrix floats(Arena arena, RandomGenerator random, int rows, int columns) {
        FloatMatrix matrix = FloatMatrix.allocate(arena, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                matrix.set(row, column, (float) random.nextGaussian());
            }
        }
        return matrix;
    }

    /// The same numbers as weights of type F32.
    static WeightMatrix f32(Arena arena, FloatMatrix matrix) {
        MemorySegment data = arena.allocate(4L * matrix.rows() * matrix.columns(), 64);
        for (int row = 0; row < matrix.rows(); row++) {
            MemorySegment.copy(
                    matrix.row(row),
                    0,
                    data,
                    ValueLayout.JAVA_FLOAT,
                    4L * row * matrix.columns(),
                    matrix.columns());
        }
        return new WeightMatrix(DataType.F32, matrix.rows(), matrix.columns(), data);
    }

    /// A matrix of random blocks whose scales are moderate numbers; every bit pattern of the
    /// quantized numbers occurs.
    static WeightMatrix blocks(
            Arena arena, RandomGenerator random, DataType type, int rows, int columns) {
        MemorySegment data = arena.allocate(rows * type.bytes(columns), 64);
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        switch (type) {
            case F32 -> numbers(data, 4, random);
            case F64 -> numbers(data, 8, random);
            case F16 -> halves(data, 2, 0, 1, random);
            case BF16 -> numbers(data, 2, random);
            case I8, I16, I32, I64 -> {}
            case MXFP4 -> exponents(data, type.blockBytes(), random);
            case Q2_K -> halves(data, type.blockBytes(), 80, 2, random);
            case Q3_K -> halves(data, type.blockBytes(), 108, 1, random);
            case Q6_K -> halves(data, type.blockBytes(), 208, 1, random);
            case TQ1_0 -> halves(data, type.blockBytes(), 52, 1, random);
            case TQ2_0 -> halves(data, type.blockBytes(), 64, 1, random);
            case IQ1_M -> iq1mScales(data, random);
            case Q4_1, Q5_1, Q4_K, Q5_K -> halves(data, type.blockBytes(), 0, 2, random);
            default -> halves(data, type.blockBytes(), 0, 1, random);
        }
        return new WeightMatrix(type, rows, columns, data);
    }

    private static void halves(
            MemorySegment data, int step, int at, int count, RandomGenerator random) {
        for (long block = 0; block < data.byteSize(); block += step) {
            for (int i = 0; i < count; i++) {
                short half = Float.floatToFloat16((float) random.nextGaussian() / 16);
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, block + at + 2L * i, half);
            }
        }
    }

    /// IQ1_M spreads its float16 scale over the top nibbles of four shorts.
    private static void iq1mScales(MemorySegment data, RandomGenerator random) {
        for (long block = 0; block < data.byteSize(); block += 56) {
            int half = Float.floatToFloat16((float) random.nextGaussian() / 16);
            for (int i = 0; i < 4; i++) {
                long at = block + 48 + 2L * i;
                int low = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0x0FFF;
                int nibble = (half >> (4 * i)) & 15;
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (low | nibble << 12));
            }
        }
    }

    private static void exponents(MemorySegment data, int step, RandomGenerator random) {
        for (long block = 0; block < data.byteSize(); block += step) {
            data.set(ValueLayout.JAVA_BYTE, block, (byte) random.nextInt(110, 130));
        }
    }

    private static void numbers(MemorySegment data, int bytes, RandomGenerator random) {
        for (long at = 0; at < data.byteSize(); at += bytes) {
            float value = (float) random.nextGaussian();
            switch (bytes) {
                case 2 ->
                        data.set(
                                ValueLayout.JAVA_SHORT_UNALIGNED,
                                at,
                                (short) (Float.floatToRawIntBits(value) >> 16));
                case 4 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, value);
                default -> data.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
            }
        }
    }

    /// Pages that hold the given keys and values, in shuffled order, between other memory.
    static KvPages pages(
            Arena arena,
            Kernels kernels,
            DataType type,
            FloatMatrix keys,
            FloatMatrix values,
            int kvHeads,
            int headDim) {
        int count = (keys.rows() + KvPages.PAGE - 1) / KvPages.PAGE;
        long bytes = KvPages.pageBytes(type, kvHeads, headDim);
        MemorySegment memory = arena.allocate((count + 1) * bytes, 64);
        long[] offsets = new long[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = (count - i) * bytes;
        }
        for (int p = 0; p < keys.rows(); p++) {
            long page = offsets[p / KvPages.PAGE];
            int slot = p % KvPages.PAGE;
            kernels.storeKv(memory, type, page, slot, keys, values, p, kvHeads, headDim);
        }
        return new KvPages(memory, type, offsets, keys.rows());
    }
}
