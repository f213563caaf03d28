package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.WeightMatrix;
import dev.jebena.compute.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adds what the adapters of each row change to products that are computed already.
///
/// Rows that follow one another and have the same adapters are taken together, first through all
/// `A`, then through all `B` into the products. A row's sums do not depend on its neighbours, and
/// its adapters are added in their own order, so neither does its result.
final class AdapterStage {
    /// Rows of one tile.
    private static final int ROWS = 16;

    /// Outputs that a thread adds at a time.
    private static final int OUTPUTS = 256;

    /// Which adapters a row of a product's input has.
    @FunctionalInterface
    interface RowAdapters {
        AdapterSet of(int row);
    }

    /// One adapter's share in some rows of one product.
    private record Part(WeightMatrix inward, WeightMatrix outward, float scale, FloatMatrix low) {}

    /// Rows of one product whose adapters are the same.
    private record Piece(FloatMatrix in, FloatMatrix out, List<Part> parts) {
        int chunks() {
            return (out.columns() + OUTPUTS - 1) / OUTPUTS;
        }
    }

    private final Kernels kernels;
    private final Workers workers;
    private final List<Piece> pieces = new ArrayList<>();
    private final FloatMatrix[] sums;
    private MemorySegment lows = MemorySegment.NULL;
    private long lowsUsed;

    AdapterStage(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
        this.sums = new FloatMatrix[workers.count()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = FloatMatrix.allocate(Arena.ofAuto(), ROWS, OUTPUTS);
        }
    }

    void clear() {
        pieces.clear();
        lowsUsed = 0;
    }

    /// Adds the rows `first` to `end` of the product of `in` with a matrix to what [#run] does.
    void add(Linear linear, FloatMatrix in, FloatMatrix out, int first, int end, RowAdapters rows) {
        int begin = first;
        while (begin < end) {
            AdapterSet adapters = rows.of(begin);
            int next = begin + 1;
            while (next < end && next < begin + ROWS && rows.of(next) == adapters) {
                next++;
            }
            add(linear, in.slice(begin, next), out.slice(begin, next), adapters);
            begin = next;
        }
    }

    private void add(Linear linear, FloatMatrix in, FloatMatrix out, AdapterSet adapters) {
        List<Part> parts = new ArrayList<>();
        for (AdapterSet.Use use : adapters.uses()) {
            LowRank change = use.adapter().change(linear.tensor());
            if (change != null) {
                parts.add(
                        new Part(
                                change.inward(linear.firstRow()),
                                change.outward(linear.firstRow(), linear.outputs()),
                                change.scale() * use.scale(),
                                low(in.rows(), change.rank())));
            }
        }
        if (!parts.isEmpty()) {
            pieces.add(new Piece(in, out, parts));
        }
    }

    private FloatMatrix low(int rows, int rank) {
        int stride = (rank + 15) & ~15;
        long bytes = 4L * rows * stride;
        if (lowsUsed + bytes > lows.byteSize()) {
            // What was handed out before keeps the old memory alive.
            lows = Arena.ofAuto().allocate(Math.max(bytes, 2 * lows.byteSize()), 64);
            lowsUsed = 0;
        }
        FloatMatrix low = new FloatMatrix(rows, rank, stride, lows.asSlice(lowsUsed, bytes));
        lowsUsed += bytes;
        return low;
    }

    void run() {
        if (pieces.isEmpty()) {
            return;
        }
        int[] firstPart = new int[pieces.size() + 1];
        int[] firstChunk = new int[pieces.size() + 1];
        long work = 0;
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            firstPart[i + 1] = firstPart[i] + piece.parts().size();
            firstChunk[i + 1] = firstChunk[i] + piece.chunks();
            for (Part part : piece.parts()) {
                long columns = piece.in().columns() + (long) piece.out().columns();
                work += piece.in().rows() * columns * part.low().columns();
            }
        }
        eachOf(firstPart, work, (piece, part, worker) -> read(pieces.get(piece), part));
        eachOf(firstChunk, work, (piece, chunk, worker) -> write(pieces.get(piece), chunk, worker));
    }

    @FunctionalInterface
    private interface Work {
        void run(int piece, int within, int worker);
    }

    private void eachOf(int[] first, long work, Work task) {
        int count = first[first.length - 1];
        if (work < Pass.WORTH_SHARING || workers.count() == 1) {
            for (int i = 0; i < count; i++) {
                run(first, i, 0, task);
            }
        } else {
            workers.run(count, (tile, worker) -> run(first, tile, worker, task));
        }
    }

    private static void run(int[] first, int tile, int worker, Work task) {
        int piece = 0;
        while (tile >= first[piece + 1]) {
            piece++;
        }
        task.run(piece, tile - first[piece], worker);
    }

    private void read(Piece piece, int number) {
        Part part = piece.parts().get(number);
        kernels.matmul(part.inward(), piece.in(), part.low(), 0, part.low().columns());
    }

    private void write(Piece piece, int chunk, int worker) {
        int begin = chunk * OUTPUTS;
        int end = Math.min(piece.out().columns(), begin + OUTPUTS);
        FloatMatrix out = piece.out().columns(begin, end);
        FloatMatrix sum = sums[worker].slice(0, out.rows()).columns(0, end - begin);
        for (Part part : piece.parts()) {
            kernels.matmul(part.outward().slice(begin, end), part.low(), sum, 0, end - begin);
            for (int row = 0; row < out.rows(); row++) {
                kernels.addScaled(out, row, sum, row, part.scale());
            }
        }
    }

    /// Adds what a row's adapters change in an embedding table to its vector.
    void addEmbedding(String tensor, int token, AdapterSet adapters, FloatMatrix x, int row) {
        for (AdapterSet.Use use : adapters.uses()) {
            @Nullable LowRank change = use.adapter().change(tensor);
            if (change != null) {
                try (Arena arena = Arena.ofConfined()) {
                    FloatMatrix low = FloatMatrix.allocate(arena, 1, change.rank());
                    FloatMatrix sum = FloatMatrix.allocate(arena, 1, x.columns());
                    kernels.decodeRow(change.a(), token, low, 0);
                    kernels.matmul(change.b(), low, sum, 0, x.columns());
                    kernels.addScaled(x, row, sum, 0, change.scale() * use.scale());
                }
            }
        }
    }
}
