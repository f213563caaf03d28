package dev.jebena.onnx.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/// Elements as arrays, for operators that no tensor operation computes.
final class Loops {
    private Loops() {}

    static Tensor of(double[] values, Shape shape, DType type) {
        return Tensor.of(values, values.length).to(type).reshape(shape);
    }

    static Tensor of(long[] values, Shape shape, DType type) {
        return Tensor.of(values, values.length).to(type).reshape(shape);
    }

    static Tensor of(boolean[] values, Shape shape) {
        return Tensor.of(values, values.length).reshape(shape);
    }

    /// A vector of int64.
    static Tensor vector(long... values) {
        return Tensor.of(values, values.length);
    }

    static Tensor map(Tensor x, DType type, DoubleUnaryOperator function) {
        double[] values = x.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] = function.applyAsDouble(values[i]);
        }
        return of(values, x.shape(), type);
    }

    static Tensor mapLongs(Tensor x, DType type, LongUnaryOperator function) {
        long[] values = x.toLongs();
        for (int i = 0; i < values.length; i++) {
            values[i] = function.applyAsLong(values[i]);
        }
        return of(values, x.shape(), type);
    }

    /// Of two tensors that broadcast.
    static Tensor zip(Tensor a, Tensor b, DType type, DoubleBinaryOperator function) {
        Shape shape = Shape.broadcast("operands", a.shape(), b.shape());
        double[] x = a.expand(shape).toDoubles();
        double[] y = b.expand(shape).toDoubles();
        for (int i = 0; i < x.length; i++) {
            x[i] = function.applyAsDouble(x[i], y[i]);
        }
        return of(x, shape, type);
    }

    static Tensor zipLongs(Tensor a, Tensor b, DType type, LongBinaryOperator function) {
        Shape shape = Shape.broadcast("operands", a.shape(), b.shape());
        long[] x = a.expand(shape).toLongs();
        long[] y = b.expand(shape).toLongs();
        for (int i = 0; i < x.length; i++) {
            x[i] = function.applyAsLong(x[i], y[i]);
        }
        return of(x, shape, type);
    }

    static int[] ints(long... values) {
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = Math.toIntExact(values[i]);
        }
        return ints;
    }

    static long[] longs(int... values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }

    /// Elements from one index of an axis to the next, in row-major order.
    static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape.dim(i));
        }
        return strides;
    }

    /// Moves `index` to the next one of the shape; false behind the last.
    static boolean next(int[] index, Shape shape) {
        for (int i = index.length - 1; i >= 0; i--) {
            if (++index[i] < shape.dim(i)) {
                return true;
            }
            index[i] = 0;
        }
        return false;
    }

    static int product(int... numbers) {
        int product = 1;
        for (int number : numbers) {
            product = Math.multiplyExact(product, number);
        }
        return product;
    }
}
