package dev.jebena.tensor;

import dev.jebena.tensor.Op.Spec;

/// Shapes of convolutions.
final class ConvShapes {
    private ConvShapes() {}

    static Spec[] forward(Op.Window window, Spec[] in) {
        Shape x = in[0].shape();
        Shape w = in[1].shape();
        int spatial = x.rank() - 2;
        if (spatial < 1
                || spatial > 3
                || w.rank() != x.rank()
                || window.stride().size() != spatial) {
            throw TensorException.shape(
                    "conv: x %s and weight %s: [n, c, ...] and [o, c / groups, ...] with one to"
                            + " three further axes are needed",
                    x, w);
        }
        DType type = type(in);
        int groups = window.groups();
        if (groups < 1 || x.dim(1) != w.dim(1) * groups || w.dim(0) % groups != 0) {
            throw TensorException.shape(
                    "conv: x %s and weight %s with %d groups: %d channels, but the weight is for"
                            + " %d x %d",
                    x, w, groups, x.dim(1), w.dim(1), groups);
        }
        int[] dims = new int[x.rank()];
        dims[0] = x.dim(0);
        dims[1] = w.dim(0);
        for (int i = 0; i < spatial; i++) {
            dims[2 + i] = length(window, i, x.dim(2 + i), w.dim(2 + i));
            if (dims[2 + i] < 1) {
                throw TensorException.shape(
                        "conv: axis %d of x %s, padded, is shorter than the window of weight %s",
                        2 + i, x, w);
            }
        }
        return new Spec[] {new Spec(Shape.of(dims), type)};
    }

    private static DType type(Spec[] in) {
        DType x = in[0].dtype();
        DType w = in[1].dtype();
        if (x == w && x.isFloat() && in.length == 2) {
            return x;
        }
        if ((x != DType.INT8 && x != DType.UINT8) || w != DType.INT8) {
            throw TensorException.dtype(
                    "conv: element types are %s and %s; two equal float types, or uint8 or int8"
                            + " with int8 are needed",
                    x, w);
        }
        if (in.length > 2 && (in[2].dtype() != x || in[2].shape().size() != 1)) {
            throw TensorException.shape(
                    "conv: what stands for 0 is %s; one number of %s is needed", in[2], x);
        }
        return DType.INT32;
    }

    private static int length(Op.Window window, int axis, int input, int kernel) {
        if (window.stride().get(axis) < 1 || window.dilation().get(axis) < 1) {
            throw TensorException.value(
                    "conv: stride %s and dilation %s must be positive",
                    window.stride(), window.dilation());
        }
        long reach = (long) window.dilation().get(axis) * (kernel - 1) + 1;
        long padded = (long) input + window.low().get(axis) + window.high().get(axis);
        return padded < reach ? 0 : (int) ((padded - reach) / window.stride().get(axis) + 1);
    }
}
