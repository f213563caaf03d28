package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op;
import org.jspecify.annotations.Nullable;

/// Attention without the whole matrix of scores: keys come in tiles, and each tile's part of the
/// result is scaled to the largest score so far (Milakov and Gimelshein 2018, Dao et al. 2022).
public final class AttentionLoops {
    /// Queries of a tile.
    private static final int QUERIES = 32;

    /// Keys of a tile.
    private static final int KEYS = 256;

    private AttentionLoops() {}

    /// `in` is q, k, v and perhaps a mask.
    public static void attend(Op.Attention a, View[] in, View y) {
        if (y.dtype() == DType.FLOAT32) {
            FloatAttention.attend(a, in, y);
            return;
        }
        if (y.dtype().bytes() < 4) {
            View wide = View.allocate(DType.FLOAT32, y.shape());
            View[] floats = in.clone();
            for (int i = 0; i < 3; i++) {
                floats[i] = Multiply.floats(in[i]);
            }
            FloatAttention.attend(a, floats, wide);
            Elementwise.cast(wide, y);
            return;
        }
        View[] plain = new View[3];
        for (int i = 0; i < 3; i++) {
            plain[i] = in[i].contiguous();
        }
        @Nullable View mask = in.length > 3 ? in[3] : null;
        int m = y.shape().dim(-2);
        int tiles = (m + QUERIES - 1) / QUERIES;
        long batch = m == 0 || y.shape().dim(-1) == 0 ? 0 : y.size() / m / y.shape().dim(-1);
        @Nullable Reader masks = mask == null ? null : new Reader(mask);
        boolean choice = mask != null && mask.dtype() == DType.BOOL;
        Parallel.run(
                batch * tiles,
                1,
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        int from = (int) (i % tiles) * QUERIES;
                        new Tile(a, plain, masks, choice, y, i / tiles, from).run();
                    }
                });
    }

    /// Some queries of one matrix of the batch.
    private static final class Tile {
        private final Op.Attention options;
        private final View[] in;
        private final @Nullable Reader masks;
        private final boolean choice;
        private final View y;
        private final long index;
        private final int from;
        private final int queries;
        private final int keys;
        private final int width;
        private final int valueWidth;
        private final double[] largest;
        private final double[] sums;
        private final double[] result;

        Tile(
                Op.Attention options,
                View[] in,
                @Nullable Reader masks,
                boolean choice,
                View y,
                long index,
                int from) {
            this.options = options;
            this.in = in;
            this.masks = masks;
            this.choice = choice;
            this.y = y;
            this.index = index;
            this.from = from;
            queries = Math.min(QUERIES, y.shape().dim(-2) - from);
            keys = in[1].shape().dim(-2);
            width = in[0].shape().dim(-1);
            valueWidth = y.shape().dim(-1);
            largest = new double[queries];
            java.util.Arrays.fill(largest, Double.NEGATIVE_INFINITY);
            sums = new double[queries];
            result = new double[queries * valueWidth];
        }

        void run() {
            View scores = View.allocate(y.dtype(), dev.jebena.tensor.Shape.of(queries, KEYS));
            View part = View.allocate(y.dtype(), dev.jebena.tensor.Shape.of(queries, valueWidth));
            int end = options.causal() ? Math.min(keys, from + queries) : keys;
            for (int key = 0; key < end; key += KEYS) {
                int count = Math.min(KEYS, end - key);
                long q = in[0].offset() + (index * in[0].shape().dim(-2) + from) * width;
                long k = in[1].offset() + (index * keys + key) * width;
                Operand left = Operand.strided(in[0], q, queries, width, width, 1);
                Operand right = Operand.strided(in[1], k, count, width, width, 1);
                Multiply.product(left, right, scores, 0, KEYS, false);
                weigh(scores, key, count);
                long v = in[2].offset() + (index * keys + key) * valueWidth;
                Operand weights = Operand.strided(scores, 0, queries, KEYS, count, 1);
                Operand values = Operand.strided(in[2], v, valueWidth, 1, count, valueWidth);
                Multiply.product(weights, values, part, 0, valueWidth, false);
                double[] numbers = new double[queries * valueWidth];
                Elements.load(y.dtype(), part.memory(), 0, 1, numbers, 0, numbers.length);
                for (int i = 0; i < numbers.length; i++) {
                    result[i] += numbers[i];
                }
            }
            for (int row = 0; row < queries; row++) {
                for (int i = 0; i < valueWidth; i++) {
                    result[row * valueWidth + i] /= sums[row];
                }
            }
            long to = (index * y.shape().dim(-2) + from) * valueWidth;
            Elements.store(y.dtype(), result, 0, y.memory(), to, result.length);
        }

        /// Makes scores of keys `key` to `key + count` weights relative to the largest so far.
        private void weigh(View scores, int key, int count) {
            double[] row = new double[count];
            for (int i = 0; i < queries; i++) {
                Elements.load(y.dtype(), scores.memory(), (long) i * KEYS, 1, row, 0, count);
                mask(row, from + i, key);
                double most = largest[i];
                for (double score : row) {
                    most = Math.max(most, score);
                }
                double scale = most == largest[i] ? 1 : Math.exp(largest[i] - most);
                for (int n = 0; n < valueWidth; n++) {
                    result[i * valueWidth + n] *= scale;
                }
                double sum = 0;
                for (int n = 0; n < count; n++) {
                    row[n] = row[n] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(row[n] - most);
                    sum += row[n];
                }
                sums[i] = sums[i] * scale + sum;
                largest[i] = most;
                Elements.store(y.dtype(), row, 0, scores.memory(), (long) i * KEYS, count);
            }
        }

        private void mask(double[] row, int query, int key) {
            double[] numbers = new double[masks == null ? 0 : row.length];
            if (masks != null) {
                long at = (index * y.shape().dim(-2) + query) * keys + key;
                masks.read(at, row.length, numbers);
            }
            for (int i = 0; i < row.length; i++) {
                row[i] *= options.scale();
                if (masks != null && choice) {
                    row[i] = numbers[i] != 0 ? row[i] : Double.NEGATIVE_INFINITY;
                } else if (masks != null) {
                    row[i] += numbers[i];
                }
                if (options.causal() && key + i > query) {
                    row[i] = Double.NEGATIVE_INFINITY;
                }
            }
        }
    }
}
