package dev.jebena.tensor;

import java.util.List;

/// An operation on tensors. Whatever is computed is one of these: executed at once, recorded for
/// derivatives, mapped over a batch, or traced into a [Graph].
///
/// Operands that work element by element have equal shapes and types already: [Tensor]'s methods
/// broadcast with [Expand] and promote with [Cast] first. Axes are numbers from 0. Every rule for
/// ops is an exhaustive switch in one file: shapes in [Inference], execution in [Eager],
/// derivatives in [Derivatives], mapping in [Batching].
public sealed interface Op {
    /// Applies this to tensors, in whatever way they ask for.
    default List<Tensor> apply(Tensor... inputs) {
        return List.of(Dispatch.run(this, inputs));
    }

    /// The shapes and types of the outputs.
    default List<Spec> infer(Spec... inputs) {
        return List.of(Inference.infer(this, inputs));
    }

    /// A tensor's shape and element type without its elements.
    record Spec(Shape shape, DType dtype) {
        @Override
        public String toString() {
            return dtype + shape.toString();
        }
    }

    /// Functions of one number. Float functions take and give float types.
    enum UnaryKind {
        NEG,
        ABS,
        SIGN,
        SQUARE,
        RECIPROCAL,
        SQRT,
        RSQRT,
        EXP,
        EXPM1,
        LOG,
        LOG1P,
        LOG2,
        SIN,
        COS,
        TAN,
        ASIN,
        ACOS,
        ATAN,
        SINH,
        COSH,
        TANH,
        ASINH,
        ACOSH,
        ATANH,
        ERF,
        ERFC,
        ERFINV,
        LGAMMA,
        DIGAMMA,
        TRIGAMMA,
        SIGMOID,
        SOFTPLUS,
        RELU,
        SILU,
        /// `x / 2 (1 + erf(x / sqrt 2))`.
        GELU,
        /// `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
        GELU_TANH,
        FLOOR,
        CEIL,
        /// To the nearest integer, ties to even.
        ROUND,
        TRUNC,
        /// Of booleans the opposite, of integers every bit.
        NOT,
        /// These three give booleans.
        IS_NAN,
        IS_INF,
        IS_FINITE;

        /// Whether the derivative is zero, or does not exist.
        public boolean isStep() {
            return switch (this) {
                case SIGN, FLOOR, CEIL, ROUND, TRUNC, NOT, IS_NAN, IS_INF, IS_FINITE -> true;
                default -> false;
            };
        }

        /// Whether it exists for integers too.
        public boolean hasIntegers() {
            return switch (this) {
                case NEG,
                        ABS,
                        SIGN,
                        SQUARE,
                        RELU,
                        FLOOR,
                        CEIL,
                        ROUND,
                        TRUNC,
                        NOT,
                        IS_NAN,
                        IS_INF,
                        IS_FINITE ->
                        true;
                default -> false;
            };
        }
    }

    /// Functions of two numbers of one type.
    enum BinaryKind {
        ADD,
        SUB,
        MUL,
        /// Of float types only.
        DIV,
        POW,
        MAXIMUM,
        MINIMUM,
        ATAN2,
        /// With the sign of the divisor, as Python's `%`.
        REMAINDER,
        /// With the sign of the dividend, as C's `fmod`.
        FMOD,
        FLOOR_DIVIDE,
        /// Of integers bit by bit; the next five are not for float types.
        AND,
        OR,
        XOR,
        SHIFT_LEFT,
        SHIFT_RIGHT
    }

    enum CompareKind {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE
    }

    enum ReduceKind {
        SUM,
        PROD,
        MAX,
        MIN,
        /// Of booleans.
        ANY,
        ALL
    }

    enum Distribution {
        /// In [0, 1).
        UNIFORM,
        /// Mean 0, variance 1.
        NORMAL,
        /// All bits of an integer type.
        BITS
    }

    record Unary(UnaryKind kind) implements Op {}

    record Binary(BinaryKind kind) implements Op {}

    /// Gives booleans.
    record Compare(CompareKind kind) implements Op {}

    /// `(condition, a, b)`: a where the boolean is true, else b.
    record Where() implements Op {}

    /// The nearest number within `low` and `high`; NaN stays.
    record Clamp(double low, double high) implements Op {}

    record Cast(DType to) implements Op {}

    record Reshape(Shape to) implements Op {}

    /// Axis i of the result is axis `order[i]` of the operand.
    record Permute(Ints order) implements Op {}

    /// Repeats axes of length 1; the rank stays.
    record Expand(Shape to) implements Op {}

    /// Elements `begin`, `begin + step`, ... below `end` of each axis; steps are positive.
    record Slice(Ints begin, Ints end, Ints step) implements Op {}

    /// Adds elements before, after, and between (`interior` after each but the last) the elements
    /// of each axis.
    record Pad(Ints low, Ints high, Ints interior, double value) implements Op {}

    /// The opposite order along axes.
    record Flip(Ints axes) implements Op {}

    /// Windows of `size` elements, `step` apart, of an axis: it counts the windows then, and a new
    /// last axis their elements.
    record Unfold(int axis, int size, int step) implements Op {}

    /// The transposed of [Unfold]: adds the windows up to an axis of `length`.
    record Fold(int axis, int size, int step, int length) implements Op {}

    /// Of any number of operands.
    record Concat(int axis) implements Op {}

    /// Reduced axes stay with length 1.
    record Reduce(ReduceKind kind, Ints axes) implements Op {}

    /// The first index of the largest or smallest element; the axis stays with length 1.
    record ArgReduce(boolean largest, int axis) implements Op {}

    /// Running sums, or products.
    record Cumulate(boolean product, int axis) implements Op {}

    /// The index of the largest or smallest element so far, the last one among equals.
    record CumulateIndex(boolean largest, int axis) implements Op {}

    /// `(x, index)`: `out[..i..] = x[..index[..i..]..]`. Indices of all ops are int32 or int64.
    record Gather(int axis) implements Op {}

    /// `(x, index, source)`: x with elements replaced; among several for one place the last wins.
    record Scatter(int axis) implements Op {}

    /// `(x, index, source)`: x with elements added, in the order of the source.
    record ScatterAdd(int axis) implements Op {}

    /// `(x, index)` with a list of indices: whole slices of an axis.
    record IndexSelect(int axis) implements Op {}

    /// `(x, index, source)`: x with slices of the source added at the indices.
    record IndexAdd(int axis) implements Op {}

    /// Indices that sort an axis, equal elements in their order; NaN is largest.
    record ArgSort(int axis, boolean descending) implements Op {}

    /// Indices of the k largest or smallest elements, sorted.
    record TopK(int k, int axis, boolean largest) implements Op {}

    /// `[..., m, k]` times `[..., k, n]`; the leading axes are equal.
    ///
    /// @param wide whether the result keeps the type of the sums: float32 for floats of 16 bits,
    ///   int32 for integers of 8 bits, signed or not. For integers a third operand `[..., 1, n]` of
    ///   int32 may say what sums begin with
    record MatMul(boolean wide) implements Op {
        MatMul() {
            this(false);
        }

        @Override
        public String toString() {
            return wide ? "MatMul[wide]" : "MatMul[]";
        }
    }

    /// How a convolution's window moves; one number for each spatial axis.
    ///
    /// @param byDefinition whether each result is one chain of multiply-adds ([ConvOptions])
    record Window(
            Ints stride, Ints low, Ints high, Ints dilation, int groups, boolean byDefinition) {}

    /// `(x [n, c, ...], weight [o, c / groups, ...])` gives `[n, o, ...]`. Of integers of 8 bits,
    /// the weight signed, the exact sums in int32; a third operand may say what stands for 0 in x.
    record Conv(Window window) implements Op {}

    /// `(y, weight)`: the derivative of [Conv] for its first operand of shape `input`; the
    /// transposed convolution.
    record ConvInput(Window window, Shape input) implements Op {}

    /// `(x, y)`: the derivative of [Conv] for its weight.
    record ConvWeight(Window window, Shape weight) implements Op {}

    /// Windows of pooling for each of the last axes: window i of an axis has the elements
    /// `begin[i]`, `begin[i] + dilation`, ... below `end[i]`.
    record Pooling(List<Ints> begins, List<Ints> ends, Ints dilation) {
        public Pooling {
            begins = List.copyOf(begins);
            ends = List.copyOf(ends);
        }

        /// Number of pooled axes.
        public int rank() {
            return begins.size();
        }
    }

    /// For each window the place of its largest element, counted through the pooled axes.
    record PoolIndex(Pooling windows) implements Op {}

    /// The sum of each window.
    record PoolSum(Pooling windows) implements Op {}

    /// The transposed of [PoolSum]: adds each number to all places of its window.
    record PoolSpread(Pooling windows, Ints lengths) implements Op {}

    record Softmax(int axis) implements Op {}

    record LogSoftmax(int axis) implements Op {}

    /// `(x, classes)` or `(x, classes, weights)`: cross entropy along an axis, which has length 1
    /// in the classes, int64, and in the results; weights of classes are expanded to the shape of
    /// x. With `q` of `smoothing / n` for each of n classes and `1 - smoothing` more for the right
    /// one, times its weight, the sum of `q (log(sum(exp(x))) - x)`, and 0 where the class is
    /// `ignored`. The second output is that logarithm.
    record CrossEntropy(int axis, double smoothing, long ignored) implements Op {
        /// The same in other ops.
        public List<Tensor> inOtherOps(List<Tensor> in) {
            return CrossEntropyFormula.of(this, in.toArray(Tensor[]::new));
        }
    }

    /// `(x, classes, logarithms, slopes)` or with weights: the derivative of the first output of
    /// [CrossEntropy] for x, times the slope of each line.
    record CrossEntropyGradient(CrossEntropy of) implements Op {}

    /// Moves the last `axes` axes to mean 0 and variance 1: `(x - mean) / sqrt(variance +
    /// epsilon)`. A second output is that factor, with axes of length 1.
    record Standardize(int axes, double epsilon) implements Op {}

    /// `(q [..., m, d], k [..., n, d], v [..., n, e])` or with a mask `[..., m, n]`, of booleans
    /// (true takes part) or of numbers to be added: `softmax(scale q k' + mask) v`, tile by tile.
    /// With `causal` query i sees keys up to i.
    record Attention(boolean causal, double scale) implements Op {}

    /// Discrete Fourier transform of `[..., n, 2]`, real and imaginary parts; nothing is divided.
    record Fft(boolean inverse) implements Op {}

    /// The lower factor of symmetric positive definite matrices `[..., n, n]`.
    record Cholesky() implements Op {}

    /// `(a [..., n, n], b [..., n, k])`: x of `a x = b` for triangular a.
    record TriangularSolve(boolean upper, boolean unit) implements Op {}

    /// `(a [..., n, n], b [..., n, k])`: x of `a x = b`.
    record Solve() implements Op {}

    /// q `[..., m, min(m, n)]` and r of matrices `[..., m, n]`.
    record Qr() implements Op {}

    /// u, s and v' of matrices, reduced; s falls.
    record Svd() implements Op {}

    /// Eigenvalues, rising, and eigenvectors of symmetric matrices, of which the lower half is
    /// read.
    record Eigh() implements Op {}

    /// Sign and logarithm of the absolute value of determinants.
    record SlogDet() implements Op {}

    /// Random numbers; the operand holds seed and position ([Rng]).
    record Random(Distribution distribution, Shape shape, DType dtype) implements Op {}

    /// An operation from outside.
    record Custom(CustomOp definition) implements Op {}
}
