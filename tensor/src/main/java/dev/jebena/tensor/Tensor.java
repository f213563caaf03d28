package dev.jebena.tensor;

import dev.jebena.tensor.Value.Dense;
import dev.jebena.tensor.Value.Tracked;
import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.Storage;
import dev.jebena.tensor.internal.View;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// An array of numbers with any number of axes; a value that never changes.
///
/// Views (reshape, slice, transpose, ...) share memory. Nothing has to be closed: memory returns
/// when a tensor is unreachable, or earlier with [#release()]. Names and meanings follow PyTorch;
/// `docs/tensor.md` lists what differs.
///
/// ```java
/// Tensor w = Rng.seed(1).normal(3, 2).variable();
/// Tensor loss = x.matmul(w).sub(y).square().mean();
/// Tensor gradient = loss.backward().of(w);
/// ```
public final class Tensor
        implements Arithmetic,
                Functions,
                Comparisons,
                Reductions,
                Views,
                Indexing,
                Sorting,
                Products,
                Convolutions,
                Activations,
                Losses,
                Spectral,
                Algebra {
    private final Shape shape;
    private final DType dtype;
    private final Value value;

    Tensor(Shape shape, DType dtype, Value value) {
        this.shape = shape;
        this.dtype = dtype;
        this.value = value;
    }

    Tensor(View view) {
        this(view.shape(), view.dtype(), new Dense(view));
    }

    Value value() {
        return value;
    }

    @Override
    public Tensor self() {
        return this;
    }

    /// Float32 numbers in the shape, or as a vector where none is given.
    public static Tensor of(float[] values, int... shape) {
        View view = fresh(DType.FLOAT32, values.length, shape);
        MemorySegment.copy(
                values, 0, view.memory(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
        return new Tensor(view);
    }

    public static Tensor of(double[] values, int... shape) {
        View view = fresh(DType.FLOAT64, values.length, shape);
        MemorySegment.copy(
                values, 0, view.memory(), ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, values.length);
        return new Tensor(view);
    }

    public static Tensor of(int[] values, int... shape) {
        View view = fresh(DType.INT32, values.length, shape);
        MemorySegment.copy(
                values, 0, view.memory(), ValueLayout.JAVA_INT_UNALIGNED, 0, values.length);
        return new Tensor(view);
    }

    public static Tensor of(long[] values, int... shape) {
        View view = fresh(DType.INT64, values.length, shape);
        MemorySegment.copy(
                values, 0, view.memory(), ValueLayout.JAVA_LONG_UNALIGNED, 0, values.length);
        return new Tensor(view);
    }

    public static Tensor of(boolean[] values, int... shape) {
        View view = fresh(DType.BOOL, values.length, shape);
        for (int i = 0; i < values.length; i++) {
            Elements.set(DType.BOOL, view.memory(), i, values[i] ? 1L : 0L);
        }
        return new Tensor(view);
    }

    /// A matrix of rows of equal length.
    public static Tensor of(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        View view = View.allocate(DType.FLOAT32, Shape.of(rows.length, columns));
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw TensorException.shape(
                        "rows differ: row 0 has %d numbers, row %d has %d",
                        columns, i, rows[i].length);
            }
            MemorySegment.copy(
                    rows[i],
                    0,
                    view.memory(),
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    4L * i * columns,
                    columns);
        }
        return new Tensor(view);
    }

    private static View fresh(DType dtype, int values, int... shape) {
        Shape wanted = shape.length == 0 ? Shape.of(values) : Shape.of(shape);
        if (wanted.size() != values) {
            throw TensorException.shape(
                    "%d values do not fill shape %s, which has %d elements",
                    values, wanted, wanted.size());
        }
        return View.allocate(dtype, wanted);
    }

    /// A tensor over native memory in row-major order, which stays alive as long as the segment is
    /// reachable, and must not change: a mapped file.
    public static Tensor over(MemorySegment memory, DType dtype, Shape shape) {
        if (!memory.isNative() || memory.byteSize() < shape.size() * dtype.bytes()) {
            throw TensorException.value(
                    "%s%s needs %d bytes of native memory; given are %d",
                    dtype, shape, shape.size() * dtype.bytes(), memory.byteSize());
        }
        return new Tensor(new View(dtype, shape, Storage.of(memory), 0, View.rowMajor(shape)));
    }

    /// A float32 scalar.
    public static Tensor scalar(double value) {
        return scalar(value, DType.FLOAT32);
    }

    public static Tensor scalar(double value, DType dtype) {
        View view = View.allocate(dtype, Shape.scalar());
        Elements.set(dtype, view.memory(), 0, value);
        return new Tensor(view);
    }

    public static Tensor scalar(long value, DType dtype) {
        View view = View.allocate(dtype, Shape.scalar());
        Elements.set(dtype, view.memory(), 0, value);
        return new Tensor(view);
    }

    /// One value everywhere, in the memory of one element.
    public static Tensor full(Shape shape, double value, DType dtype) {
        View one = ((Dense) scalar(value, dtype).value).view();
        return new Tensor(one.as(shape, new long[shape.rank()]));
    }

    /// Float32 zeros.
    public static Tensor zeros(int... shape) {
        return full(Shape.of(shape), 0, DType.FLOAT32);
    }

    public static Tensor ones(int... shape) {
        return full(Shape.of(shape), 1, DType.FLOAT32);
    }

    /// Zeros of this shape and type.
    public Tensor zerosLike() {
        return full(shape, 0, dtype);
    }

    public Tensor onesLike() {
        return full(shape, 1, dtype);
    }

    /// The int64 numbers 0, 1, ..., `end` - 1.
    public static Tensor arange(long end) {
        return arange(0, end, 1);
    }

    /// `begin`, `begin + step`, ... before `end`, int64.
    public static Tensor arange(long begin, long end, long step) {
        if (step == 0) {
            throw TensorException.value("arange: the step is 0");
        }
        long count = Math.max(0, Math.ceilDiv(end - begin, step));
        long[] values = new long[Math.toIntExact(count)];
        for (int i = 0; i < values.length; i++) {
            values[i] = begin + i * step;
        }
        return of(values, values.length);
    }

    /// `count` float32 numbers from `begin` to `end`, both included.
    public static Tensor linspace(double begin, double end, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            // From the nearer end, so that both ends are exact.
            double step = count > 1 ? (end - begin) / (count - 1) : 0;
            values[i] = (float) (i < count / 2 ? begin + i * step : end - (count - 1 - i) * step);
        }
        return of(values, count);
    }

    /// The float32 identity matrix.
    public static Tensor eye(int n) {
        return eye(n, DType.FLOAT32);
    }

    public static Tensor eye(int n, DType dtype) {
        return arange(n).unsqueeze(1).eq(arange(n)).to(dtype);
    }

    /// Applies an operation from outside; its derivative is the one it defines.
    public static List<Tensor> custom(CustomOp op, Tensor... inputs) {
        return List.of(Dispatch.run(new Op.Custom(op), inputs));
    }

    public Shape shape() {
        return shape;
    }

    /// Length of an axis; negative axes count from the end.
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /// Number of axes.
    public int rank() {
        return shape.rank();
    }

    /// Number of elements.
    public long size() {
        return shape.size();
    }

    public DType dtype() {
        return dtype;
    }

    Op.Spec spec() {
        return new Op.Spec(shape, dtype);
    }

    /// The elements, if they are known: not while a function is traced or mapped.
    View view() {
        return switch (value) {
            case Dense dense -> dense.view();
            case Tracked tracked -> tracked.primal().view();
            case Value.Mapped mapped ->
                    throw TensorException.unknown(
                            "the elements of %s are not known within vmap: they differ from one"
                                    + " element of the batch to the next; use where() for choices",
                            spec());
            case Value.Traced traced ->
                    throw TensorException.unknown(
                            "the elements of %s are not known while the function is traced: only"
                                    + " shapes are; use where() for choices that depend on values",
                            spec());
        };
    }

    /// Whether this is one number everywhere, and that is known to be 0.
    boolean isZeroConstant() {
        return value instanceof Dense dense
                && dense.view().isRepeated()
                && size() > 0
                && Elements.real(dtype, dense.view().memory(), dense.view().offset()) == 0;
    }

    /// Whether this is known to be a view of a matrix, or of several, by columns.
    boolean isTransposed() {
        return value instanceof Dense(View view)
                && rank() >= 2
                && dim(-1) > 1
                && view.stride(rank() - 2) == 1
                && view.stride(rank() - 1) >= dim(-2);
    }

    /// Whether the elements are known: not while a function is traced or mapped.
    public boolean isConcrete() {
        return switch (value) {
            case Dense dense -> true;
            case Tracked tracked -> tracked.primal().isConcrete();
            case Value.Mapped mapped -> false;
            case Value.Traced traced -> false;
        };
    }

    /// The elements in order, in native memory that stays alive while this tensor is reachable.
    public MemorySegment memory() {
        View dense = view().contiguous();
        MemorySegment all = dense.memory();
        // A view without elements may begin behind the end.
        return size() == 0 ? all.asSlice(0, 0) : all.asSlice(dense.start(), size() * dtype.bytes());
    }

    /// Gives the memory back at once, where it otherwise returns when the collector has found the
    /// tensor unreachable: for loops that make large tensors, since the next one of about this size
    /// then lies in the processor's cache. This tensor and all others of the same memory (views,
    /// what it is a view of, what [#detach()] gave) must not be used any more, which is an error
    /// with code `VALUE`, nor by another thread meanwhile; a segment from [#memory()] gets another
    /// content. Nothing happens to tensors that derivatives or a trace may still need.
    public void release() {
        if (value instanceof Dense dense) {
            dense.view().storage().release();
        }
    }

    /// The number of a tensor with one element.
    public double item() {
        View v = oneElement().view();
        return Elements.real(dtype, v.memory(), v.offset());
    }

    /// The number of a tensor of integers or booleans with one element.
    public long itemLong() {
        View v = oneElement().view();
        return Elements.integer(dtype, v.memory(), v.offset());
    }

    private Tensor oneElement() {
        if (size() != 1) {
            throw TensorException.shape("item: %s has %d elements, not one", shape, size());
        }
        return this;
    }

    /// All elements as float32, in order.
    public float[] toFloats() {
        Tensor floats = detach().to(DType.FLOAT32);
        float[] values = new float[Math.toIntExact(size())];
        MemorySegment.copy(
                floats.memory(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
        return values;
    }

    public double[] toDoubles() {
        Tensor doubles = detach().to(DType.FLOAT64);
        double[] values = new double[Math.toIntExact(size())];
        MemorySegment.copy(
                doubles.memory(), ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, values, 0, values.length);
        return values;
    }

    public long[] toLongs() {
        Tensor longs = detach().to(DType.INT64);
        long[] values = new long[Math.toIntExact(size())];
        MemorySegment.copy(
                longs.memory(), ValueLayout.JAVA_LONG_UNALIGNED, 0, values, 0, values.length);
        return values;
    }

    /// A variable with this value: what is computed from it remembers how, so that [#backward()]
    /// finds its gradient.
    public Tensor variable() {
        return GradLevel.variable(this);
    }

    /// Whether this was computed from variables, or is one.
    public boolean isTracked() {
        return value instanceof Tracked;
    }

    /// The same value as a constant: derivatives do not see through it.
    public Tensor detach() {
        return switch (value) {
            case Dense dense -> this;
            case Tracked tracked -> tracked.primal().detach();
            case Value.Mapped mapped ->
                    new Tensor(
                            shape, dtype, new Value.Mapped(mapped.level(), mapped.all().detach()));
            case Value.Traced traced -> this;
        };
    }

    /// The gradients of this scalar for all variables it was computed from.
    public Gradients backward() {
        if (size() != 1) {
            throw TensorException.gradient(
                    "backward: %s is not a scalar; give the gradient to start with", shape);
        }
        return backward(onesLike());
    }

    /// The same for any shape, from the gradient of something for this tensor.
    public Gradients backward(Tensor gradient) {
        return GradLevel.backward(this, gradient, false);
    }

    /// [#backward()] whose gradients have gradients again.
    public Gradients backwardDifferentiable() {
        return GradLevel.backward(this, onesLike(), true);
    }

    /// Cast, unless it is of that type already.
    public Tensor to(DType type) {
        return type == dtype ? this : Dispatch.one(new Op.Cast(type), this);
    }

    @Override
    public String toString() {
        return Printing.text(this);
    }
}
