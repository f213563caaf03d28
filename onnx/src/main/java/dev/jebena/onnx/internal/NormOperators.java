package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Normalizations. The 16-bit types are computed in float32.
final class NormOperators {
    private NormOperators() {}

    static void addTo(Operators all) {
        all.many("BatchNormalization", NormOperators::batch);
        all.like("InstanceNormalization", NormOperators::instance);
        all.like("GroupNormalization", NormOperators::group);
        all.many("LayerNormalization", NormOperators::layer);
        all.like("RMSNormalization", NormOperators::rootMeanSquare);
        all.many("SimplifiedLayerNormalization", NormOperators::simplified);
        all.like("LpNormalization", NormOperators::length);
        all.like("MeanVarianceNormalization", NormOperators::meanVariance);
        all.like("LRN", NormOperators::localResponse);
        all.many("Dropout", NormOperators::dropout);
    }

    /// One number a channel, for `[n, c, ...]`.
    private static Tensor channels(Tensor numbers, Tensor x) {
        int[] dims = Windows.filled(x.rank(), 1);
        if (x.rank() > 1) {
            dims[1] = Math.toIntExact(numbers.size());
        }
        return numbers.reshape(Shape.of(dims)).to(x.dtype());
    }

    private static List<Datum> batch(Call call) {
        Tensor x = call.tensor(0).to(call.working(0));
        double epsilon = call.real("epsilon", 1e-5);
        Tensor mean = call.tensor(3);
        Tensor variance = call.tensor(4);
        List<Datum> results = new ArrayList<>();
        if (call.flag("training_mode")) {
            double momentum = call.real("momentum", 0.9);
            int[] axes = IntStream.range(0, x.rank()).filter(i -> i != 1).toArray();
            Tensor batchMean = x.mean(axes);
            Tensor batchVariance = x.var(0, false, axes);
            results.add(call.like(3, mean.mul(momentum).add(batchMean.mul(1 - momentum))));
            results.add(call.like(4, variance.mul(momentum).add(batchVariance.mul(1 - momentum))));
            mean = batchMean;
            variance = batchVariance;
        }
        Tensor factor = channels(call.tensor(1), x).div(channels(variance, x).add(epsilon).sqrt());
        Tensor y = x.sub(channels(mean, x)).mul(factor).add(channels(call.tensor(2), x));
        results.addFirst(call.like(0, y));
        return results;
    }

    private static Tensor instance(Call call) {
        Tensor x = call.tensor(0).to(call.working(0));
        Tensor y = x.standardize(x.rank() - 2, call.real("epsilon", 1e-5));
        return y.mul(channels(call.tensor(1), x)).add(channels(call.tensor(2), x));
    }

    private static Tensor group(Call call) {
        Tensor x = call.tensor(0).to(call.working(0));
        int groups = call.number("num_groups", 1);
        Tensor y = x.groupNorm(groups, null, null, call.real("epsilon", 1e-5));
        if (call.opset() >= 21) {
            return y.mul(channels(call.tensor(1), x)).add(channels(call.tensor(2), x));
        }
        // Before, one number a group.
        int each = x.dim(1) / groups;
        Tensor scale = call.tensor(1).repeatInterleave(0, each);
        Tensor bias = call.tensor(2).repeatInterleave(0, each);
        return y.mul(channels(scale, x)).add(channels(bias, x));
    }

    private static List<Datum> layer(Call call) {
        Tensor given = call.tensor(0);
        Tensor x = given.to(call.working(0));
        int axis = call.axis(call.integer("axis", -1), x.rank());
        int[] axes = IntStream.range(axis, x.rank()).toArray();
        double epsilon = call.real("epsilon", 1e-5);
        Tensor y = x.standardize(axes.length, epsilon).to(given.dtype()).mul(call.tensor(1));
        if (call.has(2)) {
            y = y.add(call.tensor(2));
        }
        List<Datum> results = new ArrayList<>(List.of(call.like(0, y)));
        if (call.wants(1) || call.wants(2)) {
            results.add(Datum.of(x.mean(true, axes)));
            results.add(Datum.of(x.var(0, true, axes).add(epsilon).sqrt().reciprocal()));
        }
        return results;
    }

    private static Tensor rootMeanSquare(Call call) {
        Tensor x = call.tensor(0);
        // The stash type says in which type it is computed; float32 unless told otherwise.
        Tensor wide = x.to(call.working(0));
        int axis = call.axis(call.integer("axis", -1), x.rank());
        int[] axes = IntStream.range(axis, x.rank()).toArray();
        Tensor factor = wide.square().mean(true, axes).add(call.real("epsilon", 1e-5)).rsqrt();
        return wide.mul(factor).to(x.dtype()).mul(call.tensor(1).to(x.dtype()));
    }

    /// The form that exporters wrote before there was `RMSNormalization`.
    private static List<Datum> simplified(Call call) {
        Tensor x = call.tensor(0).to(call.working(0));
        int axis = call.axis(call.integer("axis", -1), x.rank());
        int[] axes = IntStream.range(axis, x.rank()).toArray();
        Tensor factor = x.square().mean(true, axes).add(call.real("epsilon", 1e-5)).rsqrt();
        Tensor y = x.mul(factor).mul(call.tensor(1).to(x.dtype()));
        return List.of(call.like(0, y), Datum.of(factor));
    }

    private static Tensor length(Call call) {
        Tensor x = call.tensor(0);
        int axis = call.axis(call.integer("axis", -1), x.rank());
        Tensor norm = x.norm((double) call.integer("p", 2), true, axis);
        // Zeros stay.
        return norm.eq(0.0).where(x.zerosLike(), x.div(norm));
    }

    private static Tensor meanVariance(Call call) {
        Tensor x = call.tensor(0);
        int[] axes = call.axes(call.numbers("axes", 0, 2, 3), x.rank());
        Tensor mean = x.mean(true, axes);
        Tensor deviation = x.square().mean(true, axes).sub(mean.square()).sqrt().add(1e-9);
        return x.sub(mean).div(deviation);
    }

    private static Tensor localResponse(Call call) {
        Tensor x = call.tensor(0);
        int size = call.number("size", 1);
        Tensor squares = x.square().moveAxis(1, x.rank() - 1);
        Tensor padded = squares.pad(0, (size - 1) / 2, size - 1 - (size - 1) / 2);
        Tensor sums = padded.unfold(x.rank() - 1, size, 1).sum(x.rank()).moveAxis(x.rank() - 1, 1);
        Tensor base = sums.mul(call.real("alpha", 0.0001) / size).add(call.real("bias", 1));
        return x.div(base.pow(call.real("beta", 0.75)));
    }

    /// In training mode elements are dropped by the seed; else all stay.
    private static List<Datum> dropout(Call call) {
        Tensor x = call.tensor(0);
        boolean training = call.has(2) && call.scalar(2) != 0;
        double ratio = call.has(1) ? call.realScalar(1) : 0.5;
        if (!training || ratio == 0) {
            return call.wants(1)
                    ? List.of(call.datum(0), Datum.of(Tensor.full(x.shape(), 1, DType.BOOL)))
                    : List.of(call.datum(0));
        }
        Tensor kept = RandomOperators.rng(call).uniform(x.shape(), DType.FLOAT32).ge(ratio);
        Tensor y = kept.where(x.div(1 - ratio), x.zerosLike());
        return List.of(call.like(0, y), Datum.of(kept));
    }
}
