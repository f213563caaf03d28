package dev.jebena.tensor;

import dev.jebena.tensor.Op.ReduceKind;

/// Reductions over axes; without any over all of them. Reduced axes are gone, unless `keep` holds
/// them with length 1.
public sealed interface Reductions permits Tensor {
    Tensor self();

    private Tensor reduce(ReduceKind kind, boolean keep, int... axes) {
        Ints all = Axes.of(self(), Inference.name(kind), axes);
        Tensor reduced = Dispatch.one(new Op.Reduce(kind, all), self());
        return keep ? reduced : Axes.drop(reduced, all);
    }

    /// Integers are added up in int64.
    default Tensor sum(int... axes) {
        return reduce(ReduceKind.SUM, false, axes);
    }

    default Tensor sum(boolean keep, int... axes) {
        return reduce(ReduceKind.SUM, keep, axes);
    }

    default Tensor mean(int... axes) {
        return mean(false, axes);
    }

    default Tensor mean(boolean keep, int... axes) {
        Tensor floats = self().to(self().dtype().toFloat());
        return floats.sum(keep, axes)
                .div((double) Axes.count(self(), Axes.of(self(), "mean", axes)));
    }

    default Tensor prod(int... axes) {
        return reduce(ReduceKind.PROD, false, axes);
    }

    default Tensor prod(boolean keep, int... axes) {
        return reduce(ReduceKind.PROD, keep, axes);
    }

    /// The largest elements; NaN if one is. Equal largest elements share the derivative.
    default Tensor max(int... axes) {
        return reduce(ReduceKind.MAX, false, axes);
    }

    default Tensor max(boolean keep, int... axes) {
        return reduce(ReduceKind.MAX, keep, axes);
    }

    default Tensor min(int... axes) {
        return reduce(ReduceKind.MIN, false, axes);
    }

    default Tensor min(boolean keep, int... axes) {
        return reduce(ReduceKind.MIN, keep, axes);
    }

    /// Whether any element is not 0.
    default Tensor any(int... axes) {
        return reduce(ReduceKind.ANY, false, axes);
    }

    default Tensor all(int... axes) {
        return reduce(ReduceKind.ALL, false, axes);
    }

    /// The first index of the largest element.
    default Tensor argmax(int axis) {
        return argument(true, axis);
    }

    default Tensor argmin(int axis) {
        return argument(false, axis);
    }

    private Tensor argument(boolean largest, int axis) {
        int at = self().shape().axis(axis, largest ? "argmax" : "argmin");
        return Dispatch.one(new Op.ArgReduce(largest, at), self()).squeeze(at);
    }

    /// The variance with `n - 1` in the denominator.
    default Tensor var(int... axes) {
        return var(1, false, axes);
    }

    /// The variance with `n - correction` in the denominator.
    default Tensor var(int correction, boolean keep, int... axes) {
        Tensor x = self().to(self().dtype().toFloat());
        Ints all = Axes.of(x, "var", axes);
        double count = Math.max(0, Axes.count(x, all) - correction);
        int[] list = all.toArray();
        return Fused.tidy(x, () -> x.sub(x.mean(true, list)).square().sum(keep, list).div(count));
    }

    default Tensor std(int... axes) {
        return var(axes).sqrt();
    }

    default Tensor std(int correction, boolean keep, int... axes) {
        return var(correction, keep, axes).sqrt();
    }

    /// `log(sum(exp(x)))`, without overflow.
    default Tensor logSumExp(boolean keep, int... axes) {
        Tensor x = self();
        int[] all = Axes.of(x, "logSumExp", axes).toArray();
        if (x.size() == 0) {
            return x.exp().sum(keep, all).log();
        }
        Tensor largest = x.max(true, all).detach();
        Tensor finite = largest.isFinite().where(largest, largest.zerosLike());
        Tensor sum = x.sub(finite).exp().sum(true, all).log().add(finite);
        return keep ? sum : Axes.drop(sum, Ints.of(all));
    }

    default Tensor logSumExp(int... axes) {
        return logSumExp(false, axes);
    }

    /// The p-norm: `sum(|x|^p)^(1/p)`; p may be infinite, and 0 counts what is not 0.
    default Tensor norm(double p, boolean keep, int... axes) {
        Tensor x = self();
        if (p == Double.POSITIVE_INFINITY) {
            return x.abs().max(keep, axes);
        }
        if (p == Double.NEGATIVE_INFINITY) {
            return x.abs().min(keep, axes);
        }
        if (p == 0) {
            return x.ne(0).to(x.dtype()).sum(keep, axes);
        }
        if (p == 1) {
            return x.abs().sum(keep, axes);
        }
        if (p == 2) {
            return x.square().sum(keep, axes).sqrt();
        }
        return x.abs().pow(p).sum(keep, axes).pow(1 / p);
    }

    /// The square root of the sum of squares.
    default Tensor norm(int... axes) {
        return norm(2, false, axes);
    }
}
