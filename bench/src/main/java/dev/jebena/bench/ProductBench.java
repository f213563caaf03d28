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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Speed of the products of quantized weights that come from memory, as in a model: many matrices
/// of one shape in turn. One thread, by its processor time; the median of some rounds.
///
/// `java ... dev.jebena.bench.ProductBench [type,...] [outputs x columns,...] [rows,...]` prints a
/// line for each type and shape: a plain read of the memory and the product with one row in GB/s of
/// packed bytes, then products with several rows in billions of multiplications a second.
public final class ProductBench {
    private static final long BYTES = 192L << 20;
    private static final double ROUND_NANOS = 15e6;
    private static final int ROUNDS = 11;

    private final Kernels kernels = Kernels.best();
    private final SplittableRandom random = new SplittableRandom(2);
    private int next;

    private ProductBench() {}

    /// Runs the comparison.
    public static void main(String[] args) {
        String types = args.length > 0 ? args[0] : "Q4_0,Q4_1,Q5_0,Q8_0,IQ4_NL,Q4_K,Q5_K,Q6_K";
        String shapes = args.length > 1 ? args[1] : "576x1536,640x2048,2048x5632,49152x576";
        String rows = args.length > 2 ? args[2] : "1,2,4,8,16,64,512";
        var bench = new ProductBench();
        System.out.println(bench.kernels.name() + " | read | rows " + rows);
        for (String shape : shapes.split(",")) {
            String[] sides = shape.split("x");
            for (String type : types.split(",")) {
                int outputs = Integer.parseInt(sides[0]);
                int columns = Integer.parseInt(sides[1]);
                int[] counts = Arrays.stream(rows.split(",")).mapToInt(Integer::parseInt).toArray();
                bench.measure(DataType.valueOf(type), outputs, columns, counts);
            }
        }
    }

    private void measure(DataType type, int outputs, int columns, int[] counts) {
        if (!kernels.packs(type, outputs, columns)) {
            return;
        }
        try (Arena memory = Arena.ofShared()) {
            WeightMatrix w = weights(memory, type, outputs, columns);
            List<PackedMatrix> packed = new ArrayList<>();
            for (long bytes = 0; bytes < BYTES; bytes += w.data().byteSize()) {
                PackedMatrix copy = kernels.allocatePacked(type, outputs, columns, memory);
                kernels.pack(w, 0, outputs, copy, 0);
                packed.add(copy);
            }
            MemorySegment plain = memory.allocate(BYTES);
            StringBuilder line = new StringBuilder();
            line.append(String.format(Locale.ROOT, "%-6s %5d x %-5d", type, outputs, columns));
            line.append(
                    String.format(Locale.ROOT, " | %.1f GB/s", BYTES / time(() -> read(plain))));
            for (int rows : counts) {
                double nanos = product(memory, packed, rows);
                if (rows == 1) {
                    line.append(
                            String.format(
                                    Locale.ROOT,
                                    " | %.1f GB/s",
                                    packed.getFirst().bytes() / nanos));
                } else {
                    line.append(
                            String.format(
                                    Locale.ROOT,
                                    " | %.0f",
                                    (double) rows * outputs * columns / nanos));
                }
            }
            System.out.println(line);
        }
    }

    /// Nanoseconds of the product of one matrix and `rows` rows.
    private double product(Arena memory, List<PackedMatrix> matrices, int rows) {
        PackedMatrix first = matrices.getFirst();
        FloatMatrix x = FloatMatrix.allocate(memory, rows, first.columns());
        QuantizedRows rounded = QuantizedRows.allocate(memory, rows, first.columns());
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < first.columns(); k++) {
                x.set(row, k, (float) random.nextDouble(-1, 1));
            }
            kernels.quantize(x, row, rounded);
        }
        FloatMatrix y = FloatMatrix.allocate(memory, rows, first.rows());
        return time(() -> {
            next = (next + 1) % matrices.size();
            kernels.multiply(matrices.get(next), rounded, y, 0, first.rows());
        });
    }

    private WeightMatrix weights(Arena arena, DataType type, int rows, int columns) {
        MemorySegment data = arena.allocate(rows * type.bytes(columns), 64);
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

    /// Nanoseconds that one call takes.
    private static double time(Runnable call) {
        var threads = ManagementFactory.getThreadMXBean();
        int calls = 1;
        double[] times = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; ) {
            long begin = threads.getCurrentThreadCpuTime();
            for (int j = 0; j < calls; j++) {
                call.run();
            }
            double spent = threads.getCurrentThreadCpuTime() - begin;
            if (spent < ROUND_NANOS) {
                calls *= 2;
            } else {
                times[i++] = spent / calls;
            }
        }
        Arrays.sort(times);
        return times[ROUNDS / 2];
    }
}
