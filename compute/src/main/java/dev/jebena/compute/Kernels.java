package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

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

    /// The scalar reference.
    static Kernels scalar() {
        return ScalarKernels.INSTANCE;
    }

    /// A short name for `jebena doctor` and logs: `scalar`, `vector-512`, ...
    String name();

    /// Matrix product with weights in any format: `y[m][r] = sum over k of x[m][k] * w[r][k]` for
    /// every row m of `x` and `rowBegin <= r < rowEnd`.
    ///
    /// Weights are decoded to float32 exactly as their format says and multiplied in float32, in
    /// the order of sums above; same bits in every implementation, whatever the number of rows of
    /// `x`.
    void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd);

    /// Decodes row `row` of `w` into row `target` of `y` (token embeddings).
    void decodeRow(WeightMatrix w, int row, FloatMatrix y, int target);

    /// Root mean square norm of one row: `out = x / sqrt(mean(x^2) + epsilon) * weight`. `out` may
    /// be `x`.
    void rmsNorm(FloatMatrix x, int row, FloatMatrix weight, float epsilon, FloatMatrix out);

    /// Layer norm of one row: `out = (x - mean) / sqrt(variance + epsilon) * weight + bias`. `out`
    /// may be `x`.
    void layerNorm(
            FloatMatrix x,
            int row,
            FloatMatrix weight,
            FloatMatrix bias,
            float epsilon,
            FloatMatrix out);

    /// `x[row] += y[row]`.
    void add(FloatMatrix x, int row, FloatMatrix y, int yRow);

    /// `gate[row] = silu(gate[row]) * up[row]`, with `silu(v) = v / (1 + exp(-v))`.
    void siluMultiply(FloatMatrix gate, FloatMatrix up, int row);

    /// `gate[row] = gelu(gate[row]) * up[row]`, with the tanh form of GELU.
    void geluMultiply(FloatMatrix gate, FloatMatrix up, int row);

    /// `x[row] = gelu(x[row])`, tanh form.
    void gelu(FloatMatrix x, int row);

    /// Rotary position embedding of one row that holds `heads` heads of `headDim` elements: each
    /// pair `(a, b)` becomes `(a cos - b sin, a sin + b cos)`.
    ///
    /// @param cosSin row `position` holds `rotated / 2` cosines, then as many sines
    /// @param rotated leading elements of a head that take part
    /// @param neighbours pairs are `(2i, 2i + 1)` if true, else `(i, i + rotated / 2)`
    void rope(
            FloatMatrix x,
            int row,
            int heads,
            int headDim,
            FloatMatrix cosSin,
            int position,
            int rotated,
            boolean neighbours);

    /// Writes the key row and the value row of one position into its page.
    ///
    /// @param pageOffset byte offset of the page in `pages`
    /// @param slot position within the page
    void storeKv(
            MemorySegment pages,
            DataType type,
            long pageOffset,
            int slot,
            FloatMatrix keys,
            FloatMatrix values,
            int row,
            int kvHeads,
            int headDim);

    /// Attention of query rows `rowBegin <= row < rowEnd` of one sequence, for the query heads that
    /// share `kvHead`. Row r stands at position `position + r - rowBegin` of the sequence; keys and
    /// values up to it are in `kv` already. A row's result does not depend on how rows are grouped
    /// into calls.
    ///
    /// @param q `[rows][heads * headDim]`
    /// @param out same shape; only the columns of the heads of `kvHead` are written
    void attend(
            FloatMatrix q,
            FloatMatrix out,
            int rowBegin,
            int rowEnd,
            int position,
            int kvHead,
            AttentionShape shape,
            KvPages kv);

    /// Largest element of a row: the smallest index among equals; NaN is never largest.
    int argmax(FloatMatrix x, int row);

    /// `log(sum over i of exp(x[row][i]))`, stable for any finite input.
    float logSumExp(FloatMatrix x, int row);
}
