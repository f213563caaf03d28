package dev.jebena.nn;

import dev.jebena.tensor.Tensor;

/// Losses of two or three predictions: `[n, width]` unless they say otherwise.
public final class PairLoss {
    private PairLoss() {}

    /// `max(0, -y (a - b) + margin)` for scores and targets 1 (a is to rank higher) and -1.
    public static Tensor marginRanking(
            Tensor a, Tensor b, Tensor target, double margin, Reduction reduction) {
        return reduction.of(target.neg().mul(a.sub(b)).add(margin).relu());
    }

    /// `1 - cos(a, b)` for the target 1, `max(0, cos(a, b) - margin)` for -1.
    public static Tensor cosineEmbedding(
            Tensor a, Tensor b, Tensor target, double margin, Reduction reduction) {
        // As libtorch has it here: epsilon is added to the squares.
        Tensor x = a.square().sum(-1).add(1e-12);
        Tensor y = b.square().sum(-1).add(1e-12);
        Tensor cosine = a.mul(b).sum(-1).div(x.mul(y).sqrt());
        Tensor none = cosine.zerosLike();
        Tensor near = target.eq(1).where(cosine.subFrom(1), none);
        Tensor far = target.eq(-1).where(cosine.sub(margin).relu(), none);
        return reduction.of(near.add(far));
    }

    /// `max(0, |anchor - positive| - |anchor - negative| + margin)` with the p-norm of differences
    /// plus 1e-6.
    ///
    /// @param swap whether the distance of positive and negative counts where it is smaller
    public static Tensor tripletMargin(
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            double margin,
            double p,
            boolean swap,
            Reduction reduction) {
        Tensor near = distance(anchor, positive, p);
        Tensor far = distance(anchor, negative, p);
        if (swap) {
            far = far.minimum(distance(positive, negative, p));
        }
        return reduction.of(near.sub(far).add(margin).relu());
    }

    private static Tensor distance(Tensor a, Tensor b, double p) {
        return a.sub(b).add(1e-6).norm(p, false, -1);
    }

    /// `(log v + (x - y)^2 / v) / 2` with variances of at least `epsilon`.
    ///
    /// @param full whether the constant `log(2 pi) / 2` is added
    public static Tensor gaussianNll(
            Tensor x,
            Tensor target,
            Tensor variance,
            boolean full,
            double epsilon,
            Reduction reduction) {
        // The derivative does not see the bound, as in PyTorch.
        Tensor v = variance.add(variance.clampMin(epsilon).sub(variance).detach());
        Tensor each = v.log().add(x.sub(target).square().div(v)).mul(0.5);
        return reduction.of(full ? each.add(0.5 * Math.log(2 * Math.PI)) : each);
    }
}
