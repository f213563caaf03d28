package dev.jebena.tensor;

import java.util.ArrayList;
import java.util.List;

/// Windows of pooling; `size` has one number for each pooled axis, the last ones of a tensor.
///
/// @param ceil whether a last window that is not whole counts
/// @param countPadding whether a mean divides by the window's whole size, padding included
public record PoolOptions(
        Ints size, Ints stride, Ints padding, Ints dilation, boolean ceil, boolean countPadding) {
    /// Windows side by side.
    public static PoolOptions of(int... size) {
        Ints sizes = Ints.of(size);
        int n = sizes.size();
        return new PoolOptions(sizes, sizes, Ints.filled(n, 0), Ints.filled(n, 1), false, true);
    }

    public PoolOptions stride(int... numbers) {
        return new PoolOptions(size, spread(numbers), padding, dilation, ceil, countPadding);
    }

    public PoolOptions padding(int... numbers) {
        return new PoolOptions(size, stride, spread(numbers), dilation, ceil, countPadding);
    }

    public PoolOptions dilation(int... numbers) {
        return new PoolOptions(size, stride, padding, spread(numbers), ceil, countPadding);
    }

    public PoolOptions ceil(boolean whether) {
        return new PoolOptions(size, stride, padding, dilation, whether, countPadding);
    }

    public PoolOptions countPadding(boolean whether) {
        return new PoolOptions(size, stride, padding, dilation, ceil, whether);
    }

    private Ints spread(int... numbers) {
        return ConvOptions.spread(Ints.of(numbers), size.size());
    }

    Op.Pooling windows(Shape shape) {
        List<Ints> begins = new ArrayList<>();
        List<Ints> ends = new ArrayList<>();
        for (int i = 0; i < size.size(); i++) {
            int axis = i;
            int length = shape.dim(i - size.size());
            int reach = dilation.get(i) * (size.get(i) - 1) + 1;
            int count = count(i, length, reach, shape);
            begins.add(Ints.range(0, count).map(w -> begin(axis, w)));
            ends.add(Ints.range(0, count).map(w -> Math.min(length, from(axis, w) + reach)));
        }
        return new Op.Pooling(begins, ends, dilation);
    }

    private int from(int axis, int window) {
        return window * stride.get(axis) - padding.get(axis);
    }

    /// The first place of a window that is not padding.
    private int begin(int axis, int window) {
        int from = from(axis, window);
        return from >= 0
                ? from
                : from + Math.ceilDiv(-from, dilation.get(axis)) * dilation.get(axis);
    }

    private int count(int axis, int length, int reach, Shape shape) {
        int room = length + 2 * padding.get(axis) - reach;
        if (room < 0 || padding.get(axis) * 2 > size.get(axis) || stride.get(axis) < 1) {
            throw TensorException.shape(
                    "pool: windows %s by %s with padding %s (at most half a window) do not fit %s",
                    size, stride, padding, shape);
        }
        int step = stride.get(axis);
        int count = (ceil ? Math.ceilDiv(room, step) : room / step) + 1;
        // A window that would begin in the padding behind the end is left out.
        return ceil && (count - 1) * step >= length + padding.get(axis) ? count - 1 : count;
    }

    /// What a mean divides by.
    Tensor counts(Shape shape, Op.Pooling windows, DType dtype) {
        if (!countPadding) {
            return sizes(windows, dtype);
        }
        Tensor product = Tensor.scalar(1, dtype);
        int n = size.size();
        for (int i = 0; i < n; i++) {
            double[] counts = new double[windows.begins().get(i).size()];
            int end = shape.dim(i - n) + padding.get(i);
            for (int w = 0; w < counts.length; w++) {
                int from = from(i, w);
                counts[w] = Math.min(from + size.get(i), end) - from;
            }
            product = product.mul(along(counts, n - 1 - i, dtype));
        }
        return product;
    }

    /// The number of elements of each window.
    static Tensor sizes(Op.Pooling windows, DType dtype) {
        Tensor product = Tensor.scalar(1, dtype);
        int n = windows.rank();
        for (int i = 0; i < n; i++) {
            double[] counts = new double[windows.begins().get(i).size()];
            for (int w = 0; w < counts.length; w++) {
                int reach = windows.ends().get(i).get(w) - windows.begins().get(i).get(w);
                counts[w] = Math.max(0, Math.ceilDiv(reach, windows.dilation().get(i)));
            }
            product = product.mul(along(counts, n - 1 - i, dtype));
        }
        return product;
    }

    /// Numbers along an axis with `behind` axes behind it.
    private static Tensor along(double[] numbers, int behind, DType dtype) {
        int[] dims = Ints.filled(behind + 1, 1).toArray();
        dims[0] = numbers.length;
        return Tensor.of(numbers, numbers.length).to(dtype).reshape(dims);
    }
}
