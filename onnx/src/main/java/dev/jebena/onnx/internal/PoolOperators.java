package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Pooling.
final class PoolOperators {
    private PoolOperators() {}

    static void addTo(Operators all) {
        all.many("MaxPool", PoolOperators::max);
        all.like("AveragePool", PoolOperators::average);
        all.like("LpPool", PoolOperators::power);
        all.like("GlobalAveragePool", call -> global(call).mean(true, axes(call)));
        all.like("GlobalMaxPool", call -> global(call).max(true, axes(call)));
        all.like(
                "GlobalLpPool",
                call -> global(call).norm((double) call.integer("p", 2), true, axes(call)));
        all.like("MaxUnpool", PoolOperators::unpool);
    }

    private static Tensor global(Call call) {
        if (call.tensor(0).rank() < 3) {
            throw call.problem("%s has no axes to pool", call.tensor(0).shape());
        }
        return call.tensor(0);
    }

    private static int[] axes(Call call) {
        return IntStream.range(2, call.tensor(0).rank()).toArray();
    }

    private static Windows windows(Call call) {
        return Windows.of(call, Windows.spatial(global(call)), call.numbers("kernel_shape"));
    }

    /// The windows without their padding.
    private static Op.Pooling pooling(Windows windows, int[] lengths) {
        List<Ints> begins = new ArrayList<>();
        List<Ints> ends = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            int dilation = windows.dilation()[i];
            int reach = dilation * (windows.size()[i] - 1) + 1;
            int[] begin = new int[windows.counts()[i]];
            int[] end = new int[begin.length];
            for (int w = 0; w < begin.length; w++) {
                int from = w * windows.stride()[i] - windows.low()[i];
                begin[w] = from >= 0 ? from : from + Math.ceilDiv(-from, dilation) * dilation;
                end[w] = Math.max(begin[w], Math.min(lengths[i], from + reach));
            }
            begins.add(Ints.of(begin));
            ends.add(Ints.of(end));
        }
        return new Op.Pooling(begins, ends, Ints.of(windows.dilation()));
    }

    private static List<Datum> max(Call call) {
        Tensor x = global(call);
        int[] lengths = Windows.spatial(x);
        Tensor index = new Op.PoolIndex(pooling(windows(call), lengths)).apply(x).getFirst();
        Tensor flatIndex = index.flatten(2, -1);
        Tensor values = x.flatten(2, -1).gather(2, flatIndex).reshape(index.shape());
        if (!call.wants(1)) {
            return List.of(call.like(0, values));
        }
        Tensor place = index.to(DType.INT64);
        if (call.flag("storage_order")) {
            place = columnMajor(place, lengths);
        }
        // Indices count through the whole tensor.
        int area = Loops.product(lengths);
        int planes = x.dim(0) * x.dim(1);
        Tensor starts = Tensor.arange(planes).mul(area);
        int[] dims = Windows.filled(index.rank(), 1);
        dims[0] = x.dim(0);
        dims[1] = x.dim(1);
        return List.of(call.like(0, values), Datum.of(place.add(starts.reshape(Shape.of(dims)))));
    }

    /// Places in the order in which the first axis is the fastest.
    private static Tensor columnMajor(Tensor place, int[] lengths) {
        return Loops.mapLongs(
                place,
                DType.INT64,
                p -> {
                    long rest = p;
                    int[] index = new int[lengths.length];
                    for (int i = lengths.length - 1; i >= 0; i--) {
                        index[i] = (int) (rest % lengths[i]);
                        rest /= lengths[i];
                    }
                    long result = 0;
                    for (int i = lengths.length - 1; i >= 0; i--) {
                        result = result * lengths[i] + index[i];
                    }
                    return result;
                });
    }

    private static Tensor average(Call call) {
        Tensor x = global(call);
        int[] lengths = Windows.spatial(x);
        Windows windows = windows(call);
        Op.Pooling pooling = pooling(windows, lengths);
        Tensor wide = x.to(call.working(0));
        Tensor sums = new Op.PoolSum(pooling).apply(wide).getFirst();
        boolean padded = call.flag("count_include_pad");
        Tensor counts = Tensor.scalar(1, wide.dtype());
        for (int i = 0; i < lengths.length; i++) {
            double[] count = new double[windows.counts()[i]];
            for (int w = 0; w < count.length; w++) {
                int dilation = windows.dilation()[i];
                int from = w * windows.stride()[i] - windows.low()[i];
                int end = padded ? lengths[i] + windows.high()[i] : lengths[i];
                for (int k = 0; k < windows.size()[i]; k++) {
                    int at = from + k * dilation;
                    count[w] += at < end && (padded || at >= 0) ? 1 : 0;
                }
            }
            int[] dims = Windows.filled(lengths.length, 1);
            dims[i] = count.length;
            counts = counts.mul(Loops.of(count, Shape.of(dims), wide.dtype()));
        }
        return sums.div(counts);
    }

    private static Tensor power(Call call) {
        Tensor x = global(call).to(call.working(0));
        double p = call.integer("p", 2);
        Op.Pooling pooling = pooling(windows(call), Windows.spatial(x));
        return new Op.PoolSum(pooling).apply(x.abs().pow(p)).getFirst().pow(1 / p);
    }

    private static Tensor unpool(Call call) {
        Tensor x = global(call);
        int[] lengths = Windows.spatial(x);
        int[] size = call.numbers("kernel_shape");
        int[] stride = call.numbers("strides", Windows.filled(lengths.length, 1));
        int[] pads = call.numbers("pads", new int[2 * lengths.length]);
        int[] inferred = x.shape().toArray();
        for (int i = 0; i < lengths.length; i++) {
            inferred[2 + i] =
                    (lengths[i] - 1) * stride[i] - pads[i] - pads[lengths.length + i] + size[i];
        }
        Shape from = Shape.of(inferred);
        Shape to = call.has(2) ? Shape.of(call.ints(2)) : from;
        long[] places = call.longs(1);
        if (!from.equals(to)) {
            // Indices are those of the inferred shape.
            int[] before = Loops.strides(from);
            int[] after = Loops.strides(to);
            for (int i = 0; i < places.length; i++) {
                long moved = 0;
                for (int axis = 0; axis < before.length; axis++) {
                    moved += places[i] / before[axis] % from.dim(axis) * after[axis];
                }
                places[i] = moved;
            }
        }
        if (Arrays.stream(places).anyMatch(place -> place < 0 || place >= to.size())) {
            throw call.problem("an index is out of range for shape %s", to);
        }
        Tensor zeros = Tensor.full(Shape.of(Math.toIntExact(to.size())), 0, x.dtype());
        return zeros.scatter(0, Loops.vector(places), x.flatten()).reshape(to);
    }
}
