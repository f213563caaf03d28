package dev.jebena.bench;

import dev.jebena.compute.DataType;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.PackedMatrix;
import dev.jebena.compute.QuantizedRows;
import dev.jebena.compute.WeightMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Speed of the products of quantized weights, one thread, by its processor time; medians.
///
/// `java ... dev.jebena.bench.ProductBench [type,type,...] [columns]` prints for each format:
/// packing and the product with one row from memory in GB/s of packed bytes (beside a plain read of
/// the same memory), products with several rows in billions of multiplications a second, and the
/// time that rounding a row takes.
public final class ProductBench {
    private static final long BYTES = 192L << 20;
    private static final int REPEATS = 9;

    private final Kernels kernels = Kernels.best();
    private final Arena arena = Arena.ofShared();

    private QuantizedRows lastX = QuantizedRows.allocate(arena, 0, 0);
    private FloatMatrix lastY = FloatMatrix.allocate(arena, 0, 0);

    private ProductBench() {}

    /// Runs the comparison.
    public static void main(String[] args) {
        List<String> types =
                args.length > 0
                        ? List.of(args[0].split(","))
                        : List.of(
                                "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "IQ4_NL", "Q4_K", "Q5_K",
                                "Q6_K", "Q3_K", "Q2_K", "IQ4_XS");
        int columns = args.length > 1 ? Integer.parseInt(args[1]) : 768;
        var bench = new ProductBench();
        System.out.println(bench.kernels.name() + ", rows of " + columns);
        System.out.println(
                "format | pack | read | 1 row | in cache | 2 | 4 | 8 | 16 | 120 rows | round (ns)");
        for (String type : types) {
            bench.measure(DataType.valueOf(type), columns);
        }
    }

    private void measure(DataType type, int columns) {
        try (Arena memory = Arena.ofShared()) {
            int rows = (int) (BYTES / type.bytes(columns)) / 64 * 64;
            WeightMatrix w = weights(memory, type, rows, columns);
            PackedMatrix packed = kernels.allocatePacked(type, rows, columns, memory);
            double pack = packed.bytes() / time(() -> kernels.pack(w, 0, rows, packed, 0));
            double read = w.data().byteSize() / time(() -> read(w.data()));
            double one = packed.bytes() / time(() -> multiply(packed, 1, rows));
            StringBuilder line = new StringBuilder();
            line.append(text("%s | %.1f | %.1f | %.1f", type, pack, read, one));
            int cached = 1536;
            double cachedBytes = (double) packed.bytes() * cached / rows;
            line.append(text(" | %.1f", cachedBytes / time(() -> multiply(packed, 1, cached))));
            for (int m : new int[] {2, 4, 8, 16, 120}) {
                double work = (double) m * cached * columns;
                line.append(text(" | %.0f", work / time(() -> multiply(packed, m, cached))));
            }
            FloatMatrix x = FloatMatrix.allocate(memory, 1, columns);
            for (int k = 0; k < columns; k++) {
                x.set(0, k, k % 17 - 8.5f);
            }
            QuantizedRows rounded = QuantizedRows.allocate(memory, 1, columns);
            line.append(text(" | %.0f", time(() -> kernels.quantize(x, 0, rounded))));
            System.out.println(line);
        }
    }

    private void multiply(PackedMatrix w, int m, int rows) {
        kernels.multiply(w, activations(m, w.columns()), results(m, rows), 0, rows);
    }

    private QuantizedRows activations(int m, int columns) {
        if (lastX.rows() != m || lastX.columns() != columns) {
            SplittableRandom random = new SplittableRandom(1);
            FloatMatrix x = FloatMatrix.allocate(arena, m, columns);
            lastX = QuantizedRows.allocate(arena, m, columns);
            for (int row = 0; row < m; row++) {
                for (int k = 0; k < columns; k++) {
                    x.set(row, k, (float) random.nextDouble(-1, 1));
                }
                kernels.quantize(x, row, lastX);
            }
        }
        return lastX;
    }

    private FloatMatrix results(int m, int rows) {
        if (lastY.rows() != m || lastY.columns() != rows) {
            lastY = FloatMatrix.allocate(arena, m, rows);
        }
        return lastY;
    }

    private static WeightMatrix weights(Arena arena, DataType type, int rows, int columns) {
        MemorySegment data = arena.allocate(rows * type.bytes(columns), 64);
        SplittableRandom random = new SplittableRandom(2);
        for (long i = 0; i + 8 <= data.byteSize(); i += 8) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, i, random.nextLong() & 0x3F3F3F3F3F3F3F3FL);
        }
        return new WeightMatrix(type, rows, columns, data);
    }

    private static void read(MemorySegment data) {
        long a = 0;
        long b = 0;
        for (long i = 0; i + 128 <= data.byteSize(); i += 128) {
            a += data.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
            b += data.get(ValueLayout.JAVA_LONG_UNALIGNED, i + 64);
        }
        if (a + b == 42) {
            System.out.println();
        }
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /// Nanoseconds that one call takes.
    private static double time(Runnable call) {
        var threads = ManagementFactory.getThreadMXBean();
        int calls = 1;
        double[] times = new double[REPEATS];
        for (int i = 0; i < REPEATS; ) {
            long begin = threads.getCurrentThreadCpuTime();
            for (int j = 0; j < calls; j++) {
                call.run();
            }
            double spent = threads.getCurrentThreadCpuTime() - begin;
            if (spent < 4e6) {
                calls *= 2;
            } else {
                times[i++] = spent / calls;
            }
        }
        Arrays.sort(times);
        return times[REPEATS / 2];
    }
}
