package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Prints the name of the kernels and a checksum of the bits of all that they compute.
final class ChecksumMain {
    private ChecksumMain() {}

    public static void main(String[] arguments) {
        Kernels kernels = Kernels.best();
        System.out.println(kernels.name());
        System.out.println(checksum(kernels));
    }

    static String checksum(Kernels kernels) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(6);
        long sum = 17;
        try (Arena arena = Arena.ofConfined()) {
            for (DataType type : DataType.values()) {
                WeightMatrix w = RandomData.blocks(arena, random, type, 9, 512);
                for (int m : new int[] {1, 6}) {
                    FloatMatrix x = RandomData.floats(arena, random, m, 512);
                    FloatMatrix y = FloatMatrix.allocate(arena, m, 9);
                    kernels.matmul(w, x, y, 0, 9);
                    sum = 31 * sum + hash(y);
                }
            }
            FloatMatrix x = RandomData.floats(arena, random, 50, 192);
            for (DataType type : new DataType[] {DataType.F16, DataType.F32}) {
                KvPages kv = RandomData.pages(arena, kernels, type, x, x, 2, 48);
                AttentionShape shape = new AttentionShape(4, 2, 48, 0.2f, 40, 3, true);
                FloatMatrix out = FloatMatrix.allocate(arena, 50, 192);
                kernels.attend(x, out, 0, 50, 0, 1, shape, kv);
                sum = 31 * sum + hash(out);
            }
            kernels.rmsNorm(x, 0, x.slice(1, 2), 1e-5f, x);
            kernels.layerNorm(x, 1, x.slice(2, 3), x.slice(3, 4), 1e-5f, x);
            kernels.siluMultiply(x, x, 2);
            kernels.geluMultiply(x, x, 3);
            kernels.rope(x, 4, 3, 64, x, 5, 64, false);
            sum = 31 * sum + hash(x) + Float.floatToIntBits(kernels.logSumExp(x, 6));
        }
        return Long.toHexString(sum);
    }

    private static long hash(FloatMatrix matrix) {
        long sum = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            for (float value : matrix.row(row)) {
                sum = 31 * sum + Float.floatToIntBits(value);
            }
        }
        return sum;
    }
}
