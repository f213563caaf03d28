package dev.jebena.tensor.internal;

import static dev.jebena.tensor.internal.FloatPath.ARRAYS;
import static dev.jebena.tensor.internal.FloatPath.ROWS;

import dev.jebena.compute.FloatArrays.Combination;
import dev.jebena.compute.Panels;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Attention in float32: the algorithm of [AttentionLoops] by matrix products and vector loops.
final class FloatAttention {
    /// Queries of a tile.
    private static final int QUERIES = 96;

    /// Keys of a tile.
    private static final int KEYS = 256;

    private static final Panels PANELS = Panels.best();

    private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

    private final Op.Attention options;
    private final View q;
    private final View k;
    private final View v;
    private final @Nullable View mask;
    private final View y;
    private final int queries;
    private final int keys;
    private final int width;
    private final int valueWidth;

    /// Elements from one row of the result to the next.
    private final long line;

    private FloatAttention(Op.Attention options, View[] in, View y) {
        this.options = options;
        q = rows(in[0]);
        k = rows(in[1]);
        v = rows(in[2]);
        mask = in.length > 3 ? in[3] : null;
        this.y = y;
        queries = y.shape().dim(-2);
        keys = k.shape().dim(-2);
        width = q.shape().dim(-1);
        valueWidth = y.shape().dim(-1);
        line = y.stride(y.shape().rank() - 2);
    }

    /// A view whose rows have their numbers one behind the other.
    private static View rows(View x) {
        return x.stride(x.shape().rank() - 1) == 1 ? x : x.contiguous();
    }

    /// @param in q, k, v and perhaps a mask
    /// @param y with any strides, but neighbours of a row are neighbours in memory
    static void attend(Op.Attention options, View[] in, View y) {
        if (y.size() == 0) {
            return;
        }
        FloatAttention attention = new FloatAttention(options, in, y);
        int tiles = (attention.queries + QUERIES - 1) / QUERIES;
        long batch = y.size() / attention.queries / attention.valueWidth;
        Parallel.run(
                batch * tiles,
                1,
                (begin, end) -> {
                    Tile tile = attention.new Tile();
                    for (long i = begin; i < end; i++) {
                        tile.run(i / tiles, (int) (i % tiles) * QUERIES);
                    }
                });
    }

    /// The first element of matrix `index` of a batch.
    private static long start(View x, long index) {
        long offset = x.offset();
        long rest = index;
        for (int i = x.shape().rank() - 3; i >= 0; i--) {
            offset += rest % x.shape().dim(i) * x.stride(i);
            rest /= x.shape().dim(i);
        }
        return offset;
    }

    private static Operand matrix(View x, long start, int rows, int columns, boolean transposed) {
        long stride = x.stride(x.shape().rank() - 2);
        return transposed
                ? Operand.strided(x, start, columns, 1, rows, stride)
                : Operand.strided(x, start, rows, stride, columns, 1);
    }

    /// Memory of a thread for a tile: what is new lies in no cache.
    private static final class Room {
        private final View scores = numbers(QUERIES * KEYS);
        private final View masks = numbers(KEYS);
        private final float[] largest = new float[QUERIES];
        private final double[] sums = new double[QUERIES];
        private View scaled = numbers(0);

        View scaled(int width) {
            if (scaled.size() < (long) QUERIES * width) {
                scaled = numbers(QUERIES * width);
            }
            return scaled;
        }

        /// Not of the pool, which would give it to others at the end of the computation.
        private static View numbers(int count) {
            Storage storage = Storage.of(Arena.ofAuto().allocate(4L * count, 64));
            return new View(DType.FLOAT32, Shape.of(count), storage, 0, new long[] {1});
        }
    }

    /// Some queries of one matrix of the batch.
    private final class Tile {
        private final Room room = ROOMS.get();
        private final View scores = room.scores;
        private final View masks = room.masks;
        private final @Nullable Reader reader = mask == null ? null : new Reader(mask);
        private final float[] largest = room.largest;
        private final double[] sums = room.sums;
        private final View scaled = room.scaled(width);
        private long index;
        private int from;
        private int rows;

        /// Numbers from one row of scores to the next.
        private int stride;

        void run(long matrix, int query) {
            index = matrix;
            from = query;
            rows = Math.min(QUERIES, queries - query);
            Arrays.fill(largest, Float.NEGATIVE_INFINITY);
            Arrays.fill(sums, 0);
            long to = start(y, index) + from * line;
            Gemm.Result result = new Gemm.Result(y.memory(), to, line);
            Operand left = Operand.strided(scaled, 0, rows, width, width, 1);
            scaleQueries();
            int end = options.causal() ? Math.min(keys, from + rows) : keys;
            for (int key = 0; key < end; key += KEYS) {
                int count = Math.min(KEYS, end - key);
                stride = count;
                long first = start(k, index) + key * k.stride(k.shape().rank() - 2);
                Gemm.Result weights = new Gemm.Result(scores.memory(), 0, stride);
                Gemm.multiply(left, matrix(k, first, count, width, false), weights, false);
                if (reader != null && isMaskOfKeys()) {
                    reader.read((index * queries + from) * keys + key, count, masks.memory(), 0);
                }
                if (count == keys && isPlain()) {
                    weighAll();
                } else {
                    weighRows(key, count, to);
                }
                first = start(v, index) + key * v.stride(v.shape().rank() - 2);
                Operand values = matrix(v, first, count, valueWidth, true);
                Operand found = Operand.strided(scores, 0, rows, stride, count, 1);
                if (key == 0) {
                    Gemm.multiply(found, values, result, false);
                } else {
                    Gemm.add(found, values, result, false);
                }
            }
            if (end == 0) {
                clear(to);
            }
            if (keys > 0 && keys <= KEYS && isPlain()) {
                return;
            }
            for (int i = 0; i < rows; i++) {
                long at = 4 * (to + i * line);
                float factor = (float) (1 / sums[i]);
                ARRAYS.scale(y.memory(), at, 0, factor, y.memory(), at, valueWidth);
            }
        }

        private void clear(long to) {
            for (int i = 0; i < rows; i++) {
                y.memory().asSlice(4 * (to + i * line), 4L * valueWidth).fill((byte) 0);
            }
        }

        /// Scores need no scaling then.
        private void scaleQueries() {
            long step = q.stride(q.shape().rank() - 2);
            long at = 4 * (start(q, index) + from * step);
            Panels.Place table = Operand.Places.of(rows, step, DType.FLOAT32).table(0);
            Panels.Place to = new Panels.Place(scaled.memory(), 0);
            PANELS.copy(new Panels.Place(q.memory(), at), table, rows, width, to, width);
            float factor = (float) options.scale();
            ARRAYS.scale(scaled.memory(), 0, 0, factor, scaled.memory(), 0, rows * width);
        }

        /// Whether one softmax of all rows does when all keys are in one tile.
        private boolean isPlain() {
            return !options.causal() && (mask == null || mask.dtype() == DType.FLOAT32);
        }

        private void weighAll() {
            Panels.Place place = new Panels.Place(scores.memory(), 0);
            if (isMaskOfKeys()) {
                Panels.Place row = new Panels.Place(masks.memory(), 0);
                ROWS.softmaxOfSum(place, row, place, keys, rows);
                return;
            }
            if (reader != null) {
                for (int i = 0; i < rows; i++) {
                    mask(reader, i, 0, keys);
                }
            }
            ROWS.softmax(false, place, place, keys, rows);
        }

        private void weighRows(int key, int count, long to) {
            for (int i = 0; i < rows; i++) {
                weigh(i, key, count, to + i * line);
            }
        }

        /// Makes a row's scores weights relative to its largest so far, and what was added before
        /// relative to it too.
        private void weigh(int row, int key, int count, long result) {
            MemorySegment memory = scores.memory();
            long at = 4L * row * stride;
            int seen = count;
            if (options.causal()) {
                seen = Math.clamp(from + row - key + 1, 0, count);
                memory.asSlice(at + 4L * seen, 4L * (count - seen)).fill((byte) 0);
            }
            if (reader != null) {
                mask(reader, row, key, seen);
            }
            float most = Math.max(largest[row], ARRAYS.max(memory, at, seen));
            if (most == Float.NEGATIVE_INFINITY) {
                memory.asSlice(at, 4L * seen).fill((byte) 0);
                return;
            }
            ARRAYS.exp(memory, at, most, memory, at, seen);
            double sum = ARRAYS.sum(memory, at, seen);
            if (most != largest[row] && sums[row] > 0) {
                double scale = Math.exp((double) largest[row] - most);
                ARRAYS.scale(
                        y.memory(),
                        4 * result,
                        0,
                        (float) scale,
                        y.memory(),
                        4 * result,
                        valueWidth);
                sums[row] *= scale;
            }
            sums[row] += sum;
            largest[row] = most;
        }

        /// Whether all queries have the same row of numbers to add, which is read once.
        private boolean isMaskOfKeys() {
            return mask != null
                    && mask.dtype() == DType.FLOAT32
                    && mask.stride(mask.shape().rank() - 2) == 0;
        }

        private void mask(Reader reader, int row, int key, int count) {
            long first = (index * queries + from + row) * keys + key;
            long at = 4L * row * stride;
            MemorySegment memory = scores.memory();
            if (mask != null && mask.dtype() == DType.FLOAT32) {
                if (!isMaskOfKeys()) {
                    reader.read(first, count, masks.memory(), 0);
                }
                ARRAYS.combine(Combination.ADD, memory, at, masks.memory(), 0, memory, at, count);
                return;
            }
            double[] numbers = new double[count];
            reader.read(first, count, numbers);
            boolean choice = mask != null && mask.dtype() == DType.BOOL;
            for (int i = 0; i < count; i++) {
                long place = at + 4L * i;
                float score = memory.get(ValueLayout.JAVA_FLOAT, place);
                float masked =
                        choice
                                ? numbers[i] != 0 ? score : Float.NEGATIVE_INFINITY
                                : (float) (score + numbers[i]);
                memory.set(ValueLayout.JAVA_FLOAT, place, masked);
            }
        }
    }
}
