package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.PackedMatrix;
import dev.jebena.compute.QuantizedRows;
import dev.jebena.compute.TileTask;
import dev.jebena.compute.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Products of one input, or of ranges of its rows, with one or more matrices, whose tiles the
/// workers get together: `pass.multiply(x).by(query, q).by(key, k).run()`.
///
/// A pass has one of these and uses it for every stage of every layer, so that a token allocates
/// nothing here.
final class ProductStage implements TileTask {
    /// Output rows that kernels compute together at most.
    private static final int STEP = 32;

    private final Kernels kernels;
    private final Workers workers;
    private final Scratch scratch;
    private final List<Linear> linears = new ArrayList<>();
    private final List<FloatMatrix> outs = new ArrayList<>();
    private int[] firstTile = new int[4];
    // Begin and end of the rows of each product.
    private int[] ranges = new int[8];
    private @Nullable FloatMatrix input;
    private @Nullable QuantizedRows rounded;
    private @Nullable ProductObserver observer;
    private IntUnaryOperator origin = row -> row;

    ProductStage(Kernels kernels, Workers workers, Scratch scratch) {
        this.kernels = kernels;
        this.workers = workers;
        this.scratch = scratch;
    }

    void observer(@Nullable ProductObserver seeing) {
        observer = seeing;
    }

    /// Begins a stage.
    ///
    /// @param rows the pass's row for each row of `x`
    ProductStage of(FloatMatrix x, IntUnaryOperator rows) {
        origin = rows;
        linears.clear();
        outs.clear();
        input = x;
        rounded = null;
        return this;
    }

    /// Adds the product with a matrix, without its bias.
    ProductStage by(Linear linear, FloatMatrix out) {
        return by(linear, out, 0, input().rows());
    }

    /// Adds the product of rows `first` to `end` with a matrix, without its bias; nothing if there
    /// are no such rows.
    ProductStage by(Linear linear, FloatMatrix out, int first, int end) {
        if (first < end) {
            int at = 2 * linears.size();
            if (ranges.length == at) {
                ranges = Arrays.copyOf(ranges, 2 * at);
            }
            ranges[at] = first;
            ranges[at + 1] = end;
            linears.add(linear);
            outs.add(out);
        }
        return this;
    }

    /// Computes the products.
    void run(Pass pass) {
        FloatMatrix x = input();
        rounded = round(pass, x);
        int count = linears.size();
        if (observer != null) {
            for (int i = 0; i < count; i++) {
                observer.multiplying(linears.get(i).weight(), x, ranges[2 * i], ranges[2 * i + 1]);
            }
        }
        if (firstTile.length <= count) {
            firstTile = new int[2 * count];
        }
        long work = 0;
        for (int i = 0; i < count; i++) {
            int outputs = linears.get(i).outputs();
            int rows = tileRows(outputs);
            firstTile[i + 1] = firstTile[i] + (outputs + rows - 1) / rows;
            work += (long) (ranges[2 * i + 1] - ranges[2 * i]) * x.columns() * outputs;
        }
        if (work < Pass.WORTH_SHARING || workers.count() == 1) {
            for (int i = 0; i < count; i++) {
                multiply(i, 0, linears.get(i).outputs());
            }
        } else {
            workers.run(firstTile[count], this);
        }
        if (pass.adapted()) {
            adapt(pass, x);
        }
    }

    private void adapt(Pass pass, FloatMatrix x) {
        AdapterStage adapters = pass.adapters();
        IntUnaryOperator rows = origin;
        adapters.clear();
        for (int i = 0; i < linears.size(); i++) {
            adapters.add(
                    linears.get(i),
                    x,
                    outs.get(i),
                    ranges[2 * i],
                    ranges[2 * i + 1],
                    row -> pass.adapters(rows.applyAsInt(row)));
        }
        adapters.run();
    }

    @Override
    public void run(int tile, int worker) {
        int i = 0;
        while (tile >= firstTile[i + 1]) {
            i++;
        }
        int outputs = linears.get(i).outputs();
        int rows = tileRows(outputs);
        int begin = (tile - firstTile[i]) * rows;
        multiply(i, begin, Math.min(outputs, begin + rows));
    }

    private void multiply(int i, int begin, int end) {
        Linear linear = linears.get(i);
        PackedMatrix packed = linear.packed();
        FloatMatrix x = input();
        FloatMatrix out = outs.get(i);
        int first = ranges[2 * i];
        int last = ranges[2 * i + 1];
        boolean all = first == 0 && last == x.rows();
        FloatMatrix target = all ? out : out.slice(first, last);
        if (packed != null && rounded != null) {
            QuantizedRows rows = all ? rounded : rounded.slice(first, last);
            kernels.multiply(packed, rows, target, begin, end);
        } else {
            kernels.matmul(linear.weight(), all ? x : x.slice(first, last), target, begin, end);
        }
    }

    /// The input's rows rounded to 8 bits, if a product wants them.
    private @Nullable QuantizedRows round(Pass pass, FloatMatrix x) {
        for (int i = 0; i < linears.size(); i++) {
            if (linears.get(i).packed() != null) {
                QuantizedRows to = scratch.quantized(x.rows(), x.columns());
                pass.eachOf(x.rows(), x.columns(), row -> kernels.quantize(x, row, to));
                return to;
            }
        }
        return null;
    }

    private FloatMatrix input() {
        FloatMatrix x = input;
        if (x == null) {
            throw new IllegalStateException("a stage of products without input");
        }
        return x;
    }

    /// Output rows of one tile: several tiles for each thread, so that one that is held up delays
    /// little, but none so small that claiming it shows. Of those sizes one with which all threads
    /// end at about the same time.
    private int tileRows(int outputs) {
        int threads = workers.count();
        int largest = Math.clamp((outputs / (threads * 4L) + STEP - 1) & -STEP, STEP, 8 * STEP);
        int best = largest;
        int shortest = Integer.MAX_VALUE;
        for (int rows = largest; rows >= STEP && 2 * rows >= largest; rows -= STEP) {
            int tiles = (outputs + rows - 1) / rows;
            int longest = Math.min(outputs, (tiles + threads - 1) / threads * rows);
            if (longest < shortest) {
                shortest = longest;
                best = rows;
            }
        }
        return best;
    }
}
