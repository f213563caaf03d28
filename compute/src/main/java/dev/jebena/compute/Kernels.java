package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What the CPU computes for a model. Each method's default body is the readable scalar reference;
/// an implementation overrides what it makes faster, and gives the same bits where the method says
/// so.
///
/// **Order of sums.** Every reduction of length n runs in [#LANES] partial sums: partial sum `j`
/// adds the elements `j`, `j + LANES`, `j + 2 * LANES`, ... in this order, each by one fused
/// multiply-add; then the partial sums are added as a tree: `s[j] += s[j + 8]`, `s[j] += s[j + 4]`,
/// `s[j] += s[j + 2]`, `s[0] += s[1]`. So a result depends on the row's own numbers only: not on
/// the machine's vector length, the number of threads, or the other rows of the batch.
///
/// All matrices lie in native memory. Methods that take a range compute that part only and may run
/// on different threads for disjoint ranges.
public interface Kernels {
    /// Partial sums of a reduction.
    int LANES = 16;

    /// The fastest kernels that this machine and its JVM flags allow.
    static Kernels best() {
        return KernelLookup.best();
    }

    /// All kernels that this machine can run, those for lesser CPUs included, the fastest first:
    /// for tests and comparisons.
    static List<Kernels> variants() {
        return KernelLookup.variants();
    }

    /// The scalar reference.
    static Kernels scalar() {
        return ScalarKernels.INSTANCE;
    }

    /// A short name for `jebena doctor` and logs: `scalar`, `vector-512`, ...
    String name();

    /// Tells that weights of `type` will be used soon. Kernels that take time to get ready begin to
    /// do so; calling it early, for each type of a model, shortens the time to the first token.
    default void expect(DataType type) {}

    /// Matrix product with weights in any format: `y[m][r] = sum over k of x[m][k] * w[r][k]` for
    /// every row m of `x` and `rowBegin <= r < rowEnd`.
    ///
    /// Weights are decoded to float32 exactly as their format says and multiplied in float32, in
    /// the order of sums above; same bits in every implementation, whatever the number of rows of
    /// `x`.
    default void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        ScalarMatmul.matmul(w, x, y, rowBegin, rowEnd);
    }

    /// Whether these kernels multiply weights of `type` with activations of 8 bits, and do it
    /// faster than [#matmul]. The four methods below work without that too, slowly.
    default boolean packs(DataType type, int rows, int columns) {
        return false;
    }

    /// These kernels without packing, so that nothing is rounded to 8 bits.
    default Kernels exact() {
        return this;
    }

    /// Memory in `arena` for weights in the layout that [#multiply] computes with; filled by
    /// [#pack(WeightMatrix, int, int, PackedMatrix, int)].
    default PackedMatrix allocatePacked(DataType type, int rows, int columns, Arena arena) {
        Shapes.packable(type, rows, columns);
        MemorySegment data = arena.allocate(rows * type.bytes(columns), 64);
        return new ScalarInt8.StoredBlocks(new WeightMatrix(type, rows, columns, data));
    }

    /// Copies rows `rowBegin` to `rowEnd` of `w` to the rows of `target` from `targetRow` on.
    ///
    /// `targetRow` is a multiple of 16, and so is the number of rows unless they are the last ones
    /// of `target`; several matrices can be joined into one so, in pieces of 16. Calls for disjoint
    /// rows may run on different threads.
    default void pack(
            WeightMatrix w, int rowBegin, int rowEnd, PackedMatrix target, int targetRow) {
        Shapes.pack(w, rowBegin, rowEnd, target, targetRow);
        Shapes.packed(target, ScalarInt8.StoredBlocks.class).copy(w, rowBegin, rowEnd, targetRow);
    }

    /// All of `w` in the layout that [#multiply] computes with.
    default PackedMatrix pack(WeightMatrix w, Arena arena) {
        PackedMatrix packed = allocatePacked(w.type(), w.rows(), w.columns(), arena);
        pack(w, 0, w.rows(), packed, 0);
        return packed;
    }

    /// Rounds row `row` of `x` to 8 bits, into the same row of `out`. Same bits in every
    /// implementation.
    default void quantize(FloatMatrix x, int row, QuantizedRows out) {
        ScalarInt8.quantize(x, row, out);
    }

    /// Product of packed weights and rounded activations, for every row of `x` and `rowBegin <= r <
    /// rowEnd`: `y[m][r] = sum over k of x[m][k] * w[r][k]`. Same bits in every implementation,
    /// whatever the number of rows of `x` and the range.
    ///
    /// @param rowBegin a multiple of 16
    /// @param rowEnd a multiple of 16, or the number of rows of `w`
    default void multiply(
            PackedMatrix w, QuantizedRows x, FloatMatrix y, int rowBegin, int rowEnd) {
        Shapes.multiply(w, x, y, rowBegin, rowEnd);
        WeightMatrix stored = Shapes.packed(w, ScalarInt8.StoredBlocks.class).stored();
        ScalarInt8.multiply(stored, x, y, rowBegin, rowEnd);
    }

    /// Decodes row `row` of `w` into row `target` of `y` (token embeddings).
    default void decodeRow(WeightMatrix w, int row, FloatMatrix y, int target) {
        Shapes.weightRow(w, row);
        float[] values = new float[w.columns()];
        ScalarMatmul.decodeRow(w, row, values);
        y.setRow(target, values);
    }

    /// Root mean square norm of one row: `out = x / sqrt(mean(x^2) + epsilon) * weight`. `out` may
    /// be `x`.
    default void rmsNorm(
            FloatMatrix x, int row, FloatMatrix weight, float epsilon, FloatMatrix out) {
        float[] values = x.row(row);
        int n = values.length;
        float squares = Sums.dot(values, values, n, new float[LANES]);
        float factor = 1 / (float) Math.sqrt(squares / n + epsilon);
        for (int i = 0; i < n; i++) {
            out.set(row, i, values[i] * factor * weight.get(0, i));
        }
    }

    /// Layer norm of one row: `out = (x - mean) / sqrt(variance + epsilon) * weight + bias`. `out`
    /// may be `x`.
    default void layerNorm(
            FloatMatrix x,
            int row,
            FloatMatrix weight,
            FloatMatrix bias,
            float epsilon,
            FloatMatrix out) {
        float[] values = x.row(row);
        int n = values.length;
        float[] sums = new float[LANES];
        float mean = Sums.sum(values, n, sums) / n;
        for (int i = 0; i < n; i++) {
            values[i] -= mean;
        }
        float variance = Sums.dot(values, values, n, sums) / n;
        float factor = 1 / (float) Math.sqrt(variance + epsilon);
        for (int i = 0; i < n; i++) {
            out.set(row, i, Math.fma(values[i] * factor, weight.get(0, i), bias.get(0, i)));
        }
    }

    /// `x[row] += y[row]`.
    default void add(FloatMatrix x, int row, FloatMatrix y, int yRow) {
        for (int i = 0; i < x.columns(); i++) {
            x.set(row, i, x.get(row, i) + y.get(yRow, i));
        }
    }

    /// `x[row] = fma(factor, y[row], x[row])`.
    default void addScaled(FloatMatrix x, int row, FloatMatrix y, int yRow, float factor) {
        for (int i = 0; i < x.columns(); i++) {
            x.set(row, i, Math.fma(factor, y.get(yRow, i), x.get(row, i)));
        }
    }

    /// `x[row] = silu(x[row])`.
    default void silu(FloatMatrix x, int row) {
        for (int i = 0; i < x.columns(); i++) {
            x.set(row, i, FloatMath.silu(x.get(row, i)));
        }
    }

    /// `gate[row] = silu(gate[row]) * up[row]`, with `silu(v) = v / (1 + exp(-v))`.
    default void siluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        for (int i = 0; i < gate.columns(); i++) {
            gate.set(row, i, FloatMath.silu(gate.get(row, i)) * up.get(row, i));
        }
    }

    /// `gate[row] = gelu(gate[row]) * up[row]`, with the tanh form of GELU.
    default void geluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        for (int i = 0; i < gate.columns(); i++) {
            gate.set(row, i, FloatMath.gelu(gate.get(row, i)) * up.get(row, i));
        }
    }

    /// `x[row] = gelu(x[row])`, tanh form.
    default void gelu(FloatMatrix x, int row) {
        for (int i = 0; i < x.columns(); i++) {
            x.set(row, i, FloatMath.gelu(x.get(row, i)));
        }
    }

    /// `x[row] = cap * tanh(x[row] / cap)`.
    default void softCap(FloatMatrix x, int row, float cap) {
        for (int i = 0; i < x.columns(); i++) {
            x.set(row, i, cap * FloatMath.tanh(x.get(row, i) / cap));
        }
    }

    /// Rotary position embedding of one row that holds `heads` heads of `headDim` elements: each
    /// pair `(a, b)` becomes `(a cos - b sin, a sin + b cos)`.
    ///
    /// @param cosSin row `position` holds `rotated / 2` cosines, then as many sines
    /// @param rotated leading elements of a head that take part
    /// @param neighbours pairs are `(2i, 2i + 1)` if true, else `(i, i + rotated / 2)`
    default void rope(
            FloatMatrix x,
            int row,
            int heads,
            int headDim,
            FloatMatrix cosSin,
            int position,
            int rotated,
            boolean neighbours) {
        int half = rotated / 2;
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < half; i++) {
                int first = head * headDim + (neighbours ? 2 * i : i);
                int second = neighbours ? first + 1 : first + half;
                float cos = cosSin.get(position, i);
                float sin = cosSin.get(position, half + i);
                float a = x.get(row, first);
                float b = x.get(row, second);
                x.set(row, first, Math.fma(a, cos, -(b * sin)));
                x.set(row, second, Math.fma(a, sin, b * cos));
            }
        }
    }

    /// Writes the key row and the value row of one position into its page.
    ///
    /// @param pageOffset byte offset of the page in `pages`
    /// @param slot position within the page
    default void storeKv(
            MemorySegment pages,
            DataType type,
            long pageOffset,
            int slot,
            FloatMatrix keys,
            FloatMatrix values,
            int row,
            int kvHeads,
            int headDim) {
        ScalarAttention.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
    }

    /// Attention of query rows `rowBegin <= row < rowEnd` of one sequence, for the query heads that
    /// share `kvHead`. Row r stands at position `position + r - rowBegin` of the sequence; keys and
    /// values up to it are in `kv` already. With a window and without `causal` a row sees the keys
    /// that are less than `window` positions before or after it. A row's result does not depend on
    /// how rows are grouped into calls.
    ///
    /// Each dot product runs in order of dimension, each output sum in order of position, by fused
    /// multiply-adds; the exponentials of position p are added in partial sum `p % LANES`.
    ///
    /// @param q `[rows][heads * headDim]`
    /// @param out same shape; only the columns of the heads of `kvHead` are written
    default void attend(
            FloatMatrix q,
            FloatMatrix out,
            int rowBegin,
            int rowEnd,
            int position,
            int kvHead,
            AttentionShape shape,
            KvPages kv) {
        ScalarAttention.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
    }

    /// One position of a selective scan (Mamba), for the channels `begin <= d < end` of a row. With
    /// `s = log(1 + exp(step[row][d]))` each element n of a channel's state becomes `state[d][n] *
    /// exp(s * decay[d][n]) + s * x[row][d] * b[row][n]`, and `x[row][d]` becomes the sum of
    /// `state[d][n] * c[row][n]` in order of n, plus `skip[d] * x[row][d]`.
    ///
    /// @param states `[channels][states]`, changed
    default void scan(
            FloatMatrix x,
            FloatMatrix step,
            FloatMatrix b,
            FloatMatrix c,
            int row,
            FloatMatrix decay,
            FloatMatrix skip,
            FloatMatrix states,
            int begin,
            int end) {
        for (int d = begin; d < end; d++) {
            float s = FloatMath.softplus(step.get(row, d));
            float in = x.get(row, d);
            float sum = 0;
            for (int n = 0; n < states.columns(); n++) {
                float kept = states.get(d, n) * FloatMath.exp(s * decay.get(d, n));
                float state = Math.fma(s * in, b.get(row, n), kept);
                states.set(d, n, state);
                sum = Math.fma(state, c.get(row, n), sum);
            }
            x.set(row, d, Math.fma(skip.get(0, d), in, sum));
        }
    }

    /// Largest element of a row: the smallest index among equals; NaN is never largest.
    default int argmax(FloatMatrix x, int row) {
        int best = 0;
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < x.columns(); i++) {
            float value = x.get(row, i);
            if (value > largest) {
                largest = value;
                best = i;
            }
        }
        return best;
    }

    /// `log(sum over i of exp(x[row][i]))`, stable for any finite input.
    default float logSumExp(FloatMatrix x, int row) {
        float[] values = x.row(row);
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            largest = value > largest ? value : largest;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = FloatMath.exp(values[i] - largest);
        }
        float sum = Sums.sum(values, values.length, new float[LANES]);
        return largest + (float) StrictMath.log(sum);
    }
}
