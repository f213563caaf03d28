package dev.jebena.compute.x86;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The assembled products of weights that are plain numbers, on addresses: nothing is checked here.
/// A function is assembled when it is first called.
public final class FloatKernels {
    /// Weights that stay in the second-level cache while rows of activations pass.
    private static final long WEIGHT_BYTES = 256 << 10;

    private final boolean avx512;
    private final int mostRows;

    /// For each kind of weights the functions, by rows, then by outputs.
    private final Map<FloatElement, AtomicReferenceArray<@Nullable Routine>> functions =
            new EnumMap<>(FloatElement.class);

    /// @param avx512 whether the code is for AVX-512; else for AVX2, and for columns that are a
    ///   multiple of 16
    public FloatKernels(boolean avx512) {
        this.avx512 = avx512;
        mostRows = FloatProduct.mostRows(avx512);
        for (FloatElement element : FloatElement.values()) {
            int count = FloatProduct.MOST_ROWS * FloatProduct.MOST_OUTPUTS;
            functions.put(element, new AtomicReferenceArray<>(count));
        }
    }

    /// What a product works on: `outputs` rows of weights without gaps, `rows` rows of activations
    /// `xBytes` apart, and the first result; rows of results are `yBytes` apart.
    public record Product(
            FloatElement element,
            int columns,
            long weights,
            int outputs,
            long x,
            long xBytes,
            int rows,
            long y,
            long yBytes) {
        private long rowBytes() {
            return (long) element.bytes() * columns;
        }

        private Product rows(int begin, int count) {
            return new Product(
                    element,
                    columns,
                    weights,
                    outputs,
                    x + begin * xBytes,
                    xBytes,
                    count,
                    y + begin * yBytes,
                    yBytes);
        }

        private Product outputs(int begin, int count) {
            return new Product(
                    element,
                    columns,
                    weights + begin * rowBytes(),
                    count,
                    x,
                    xBytes,
                    rows,
                    y + 4L * begin,
                    yBytes);
        }
    }

    /// Pieces of weights that stay in the cache, each for all rows.
    public void multiply(Product all) {
        int step = all.outputs();
        if (all.rows() > mostRows) {
            long fitting = WEIGHT_BYTES / Math.max(1, all.rowBytes()) / 4 * 4;
            step = (int) Math.clamp(fitting, 16, all.outputs() + 16L);
        }
        for (int output = 0; output < all.outputs(); output += step) {
            groups(all.outputs(output, Math.min(step, all.outputs() - output)));
        }
    }

    /// Groups of rows that fit into the registers, of sizes that differ by one at most.
    private void groups(Product all) {
        int groups = (all.rows() + mostRows - 1) / mostRows;
        for (int group = 0; group < groups; group++) {
            int begin = (int) ((long) all.rows() * group / groups);
            int end = (int) ((long) all.rows() * (group + 1) / groups);
            group(all.rows(begin, end - begin));
        }
    }

    private void group(Product all) {
        int most = FloatProduct.mostOutputs(all.rows(), avx512);
        int whole = all.outputs() / most;
        int rest = all.outputs() % most;
        if (whole > 0) {
            call(all, most, whole);
        }
        if (rest > 0) {
            call(all.outputs(whole * most, rest), rest, 1);
        }
    }

    private void call(Product p, int outputs, int steps) {
        function(p.element(), outputs, p.rows())
                .call(p.weights(), steps, p.columns(), p.x(), p.xBytes(), p.y(), p.yBytes());
    }

    private Routine function(FloatElement element, int outputs, int rows) {
        var known = Objects.requireNonNull(functions.get(element));
        int index = (rows - 1) * FloatProduct.MOST_OUTPUTS + outputs - 1;
        Routine function = known.get(index);
        if (function == null) {
            synchronized (known) {
                function = known.get(index);
                if (function == null) {
                    function =
                            Routine.install(FloatProduct.assemble(element, outputs, rows, avx512));
                    known.set(index, function);
                }
            }
        }
        return function;
    }
}
