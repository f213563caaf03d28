package dev.jebena.onnx.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Reductions over axes: given as an attribute, later as an input.
final class ReduceOperators {
    /// Reduces axes, which stay with length 1.
    private interface Reduction {
        Tensor apply(Tensor x, int[] axes);
    }

    private ReduceOperators() {}

    static void addTo(Operators all) {
        add(all, "ReduceSum", (x, axes) -> x.sum(true, axes));
        add(all, "ReduceMean", ReduceOperators::mean);
        add(all, "ReduceProd", (x, axes) -> x.prod(true, axes));
        add(all, "ReduceMax", (x, axes) -> extreme(x, axes, true));
        add(all, "ReduceMin", (x, axes) -> extreme(x, axes, false));
        add(all, "ReduceL1", (x, axes) -> x.abs().sum(true, axes));
        add(all, "ReduceL2", (x, axes) -> wide(x).square().sum(true, axes).sqrt());
        add(all, "ReduceLogSum", (x, axes) -> wide(x).sum(true, axes).log());
        add(all, "ReduceLogSumExp", ReduceOperators::logSumExp);
        add(all, "ReduceSumSquare", (x, axes) -> x.square().sum(true, axes));
    }

    private static Tensor wide(Tensor x) {
        return x.dtype().isFloat() ? x : x.to(DType.FLOAT64);
    }

    private static Tensor mean(Tensor x, int[] axes) {
        return wide(x).mean(true, axes);
    }

    private static Tensor logSumExp(Tensor x, int[] axes) {
        return wide(x).logSumExp(true, axes);
    }

    /// Of no elements at all the neutral element.
    private static Tensor extreme(Tensor x, int[] axes, boolean largest) {
        if (x.size() > 0) {
            return largest ? x.max(true, axes) : x.min(true, axes);
        }
        Shape shape = x.shape();
        for (int axis : axes) {
            shape = shape.with(axis, 1);
        }
        double neutral =
                switch (x.dtype()) {
                    case BOOL -> largest ? 0 : 1;
                    case UINT8 -> largest ? 0 : 255;
                    case INT8 -> largest ? Byte.MIN_VALUE : Byte.MAX_VALUE;
                    case INT16 -> largest ? Short.MIN_VALUE : Short.MAX_VALUE;
                    case INT32 -> largest ? Integer.MIN_VALUE : Integer.MAX_VALUE;
                    case INT64 -> largest ? Long.MIN_VALUE : Long.MAX_VALUE;
                    case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 ->
                            largest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
                };
        return Tensor.full(shape, neutral, x.dtype());
    }

    private static void add(Operators all, String name, Reduction reduction) {
        all.one(
                name,
                call -> {
                    Tensor x = call.tensor(0);
                    int[] axes = call.listOf("axes", 1);
                    if (axes == null || axes.length == 0) {
                        if (call.flag("noop_with_empty_axes")) {
                            // Nothing is reduced; what is done to each element still is.
                            return call.like(0, alone(reduction, x));
                        }
                        axes = IntStream.range(0, x.rank()).toArray();
                    }
                    int[] found = call.axes(axes, x.rank());
                    Tensor reduced =
                            x.rank() == 0 ? alone(reduction, x) : reduction.apply(x, found);
                    if (call.integer("keepdims", 1) != 0) {
                        return call.like(0, reduced);
                    }
                    int[] kept =
                            IntStream.range(0, x.rank())
                                    .filter(i -> Arrays.stream(found).noneMatch(a -> a == i))
                                    .map(x::dim)
                                    .toArray();
                    return call.like(0, reduced.reshape(Shape.of(kept)));
                });
    }

    /// Each element for itself.
    private static Tensor alone(Reduction reduction, Tensor x) {
        int last = x.rank();
        return reduction.apply(x.unsqueeze(last), new int[] {last}).reshape(x.shape());
    }
}
