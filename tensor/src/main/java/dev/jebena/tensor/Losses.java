package dev.jebena.tensor;

import org.jspecify.annotations.Nullable;

/// Losses of a prediction (this) and a target: means over all, unless they say otherwise.
public sealed interface Losses permits Tensor {
    Tensor self();

    /// The mean of `-log softmax(this)[target]`, for logits `[n, classes, ...]` and classes `[n,
    /// ...]`; or of `-sum(target * log softmax(this))` for a target of probabilities in the logits'
    /// shape.
    default Tensor crossEntropy(Tensor target) {
        Tensor logits = self();
        if (target.dtype().isFloat()) {
            int axis = logits.rank() == 1 ? 0 : 1;
            return logits.logSoftmax(axis).mul(target).sum(axis).mean().neg();
        }
        return crossEntropies(target, null, 0, Long.MIN_VALUE).mean();
    }

    /// The cross entropy of each target, `[n, ...]`, for logits `[n, classes, ...]` and classes:
    /// `-log softmax(this)[target]` times the weight of the class, 0 for targets that are
    /// `ignored`. `labelSmoothing` of the aim is spread over all classes.
    ///
    /// @param weights one for each class; null for 1
    default Tensor crossEntropies(
            Tensor target, @Nullable Tensor weights, double labelSmoothing, long ignored) {
        Tensor x = self();
        int axis = x.rank() == 1 ? 0 : 1;
        if (x.rank() == 0 || !x.shape().without(axis).equals(target.shape())) {
            throw TensorException.shape(
                    "crossEntropy: logits %s and classes %s do not fit; classes %s are needed",
                    x.shape(), target.shape(), x.rank() == 0 ? "" : x.shape().without(axis));
        }
        Op op = new Op.CrossEntropy(axis, labelSmoothing, ignored);
        Tensor classes = target.to(DType.INT64).unsqueeze(axis);
        if (weights == null) {
            return Dispatch.one(op, x, classes).squeeze(axis);
        }
        if (!weights.shape().equals(Shape.of(x.dim(axis)))) {
            throw TensorException.shape(
                    "crossEntropy: weights %s of %d classes; one for each is needed",
                    weights.shape(), x.dim(axis));
        }
        int[] dims = Ints.filled(x.rank(), 1).toArray();
        dims[axis] = x.dim(axis);
        Tensor all = weights.to(x.dtype()).reshape(dims).expand(x.shape());
        return Dispatch.one(op, x, classes, all).squeeze(axis);
    }

    /// The mean of `-this[target]` for log-probabilities `[n, classes, ...]`.
    default Tensor nllLoss(Tensor target) {
        Tensor x = self();
        int axis = x.rank() == 1 ? 0 : 1;
        if (!x.shape().without(axis).equals(target.shape())) {
            throw TensorException.shape(
                    "crossEntropy: logits %s and classes %s do not fit; classes %s are needed",
                    x.shape(), target.shape(), x.shape().without(axis));
        }
        return x.gather(axis, target.unsqueeze(axis)).mean().neg();
    }

    /// As [#crossEntropy], where `labelSmoothing` of the weight is spread over all classes and
    /// targets of `ignored` do not count.
    default Tensor crossEntropy(Tensor target, double labelSmoothing, long ignored) {
        Tensor each = crossEntropies(target, null, labelSmoothing, ignored);
        return each.sum().div(target.ne((double) ignored).to(each.dtype()).sum());
    }

    default Tensor mseLoss(Tensor target) {
        return self().sub(target).square().mean();
    }

    default Tensor l1Loss(Tensor target) {
        return self().sub(target).abs().mean();
    }

    /// Half the square of differences below `delta`, else `delta (|d| - delta / 2)`.
    default Tensor huberLoss(Tensor target, double delta) {
        Tensor d = self().sub(target).abs();
        Tensor far = d.sub(delta / 2).mul(delta);
        return d.lt(delta).where(d.square().mul(0.5), far).mean();
    }

    default Tensor smoothL1Loss(Tensor target, double beta) {
        return beta == 0 ? l1Loss(target) : huberLoss(target, beta).div(beta);
    }

    /// Of probabilities; logarithms are at least -100, as in PyTorch.
    default Tensor bceLoss(Tensor target) {
        Tensor yes = self().log().clampMin(-100).mul(target);
        Tensor no = self().neg().log1p().clampMin(-100).mul(target.subFrom(1));
        return yes.add(no).mean().neg();
    }

    /// Of logits: `max(x, 0) - x y + log(1 + exp(-|x|))`.
    default Tensor bceWithLogitsLoss(Tensor target) {
        Tensor x = self();
        return x.softplus().sub(x.mul(target)).mean();
    }

    /// Of log-probabilities to probabilities, a sum over all but the mean over the first axis.
    default Tensor klDivLoss(Tensor target) {
        Tensor logs = target.gt(0).where(target, target.onesLike()).log();
        return target.mul(logs.sub(self())).sum().div(Math.max(1, self().dim(0)));
    }

    /// `sum(a b) / max(|a| |b|, 1e-8)` along an axis.
    default Tensor cosineSimilarity(Tensor other, int axis) {
        Tensor product = self().mul(other).sum(axis);
        Tensor a = self().square().sum(axis);
        Tensor b = other.square().sum(axis);
        return product.div(a.mul(b).clampMin(1e-16).sqrt());
    }
}
