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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Products of quantized weights that come from memory, as in a model: many matrices of one shape
/// in turn. One thread.
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class ProductBench {
    private static final long BYTES = 192L << 20;

    /// Type of the weights.
    @Param({"Q4_0", "Q4_1", "Q5_0", "Q8_0", "IQ4_NL", "Q4_K", "Q5_K", "Q6_K"})
    public DataType type = DataType.Q4_0;

    /// Outputs x columns.
    @Param({"576x1536", "640x2048", "2048x5632", "49152x576"})
    public String shape = "";

    /// Rows of activations.
    @Param({"1", "2", "4", "8", "16", "64", "512"})
    public int rows;

    /// What calls have done, per second in JMH's output.
    @AuxCounters
    @State(Scope.Thread)
    public static class Rates {
        public long bytes;
        public long multiplyAdds;
    }

    private final Kernels kernels = Kernels.best();
    private final List<PackedMatrix> matrices = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(2);
    private final Arena memory = Arena.ofShared();
    private FloatMatrix x = FloatMatrix.allocate(memory, 0, 0);
    private FloatMatrix y = x;
    private QuantizedRows rounded = QuantizedRows.allocate(memory, 0, 0);
    private int next;

    /// Makes matrices that do not fit into a cache together.
    @Setup(Level.Trial)
    public void prepare() {
        int outputs = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
        int columns = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
        if (!kernels.packs(type, outputs, columns)) {
            throw new IllegalArgumentException(
                    "%s kernels do not pack %s of %s".formatted(kernels.name(), type, shape));
        }
        WeightMatrix w = weights(outputs, columns);
        for (long bytes = 0; bytes < BYTES; bytes += w.data().byteSize()) {
            PackedMatrix copy = kernels.allocatePacked(type, outputs, columns, memory);
            kernels.pack(w, 0, outputs, copy, 0);
            matrices.add(copy);
        }
        x = FloatMatrix.allocate(memory, rows, columns);
        y = FloatMatrix.allocate(memory, rows, outputs);
        rounded = QuantizedRows.allocate(memory, rows, columns);
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < columns; k++) {
                x.set(row, k, (float) random.nextDouble(-1, 1));
            }
        }
        quantize();
    }

    private WeightMatrix weights(int outputs, int columns) {
        MemorySegment data = memory.allocate(outputs * type.bytes(columns), 64);
        for (long i = 0; i + 8 <= data.byteSize(); i += 8) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, i, random.nextLong() & 0x3F3F3F3F3F3F3F3FL);
        }
        return new WeightMatrix(type, outputs, columns, data);
    }

    /// Frees the memory.
    @TearDown
    public void free() {
        memory.close();
    }

    /// Rounds all rows of activations.
    @Benchmark
    public void quantize() {
        for (int row = 0; row < rows; row++) {
            kernels.quantize(x, row, rounded);
        }
    }

    /// Multiplies the next matrix with all rows.
    @Benchmark
    public FloatMatrix multiply(Rates rates) {
        next = (next + 1) % matrices.size();
        PackedMatrix matrix = matrices.get(next);
        kernels.multiply(matrix, rounded, y, 0, matrix.rows());
        rates.bytes += matrix.bytes();
        rates.multiplyAdds += (long) rows * matrix.rows() * matrix.columns();
        return y;
    }
}
