package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `-log softmax(x)[class]` of logits `[n, classes, ...]` (or `[classes]`) for classes `[n, ...]`,
/// or for probabilities in the shape of the logits.
///
/// @param weight of each class; or null
/// @param ignored a class that does not count
/// @param smoothing share of the target that is spread over all classes
/// @param logits whether predictions are logits; else log-probabilities (`NLLLoss`)
/// @param reduction the mean is weighted by the classes' weights, as in PyTorch
public record CrossEntropy(
        @Nullable Tensor weight,
        long ignored,
        double smoothing,
        boolean logits,
        Reduction reduction)
        implements Loss {
    /// PyTorch's class that does not count.
    public static final long IGNORED = -100;

    public CrossEntropy {
        NnException.probability("CrossEntropy: label smoothing", smoothing);
    }

    /// The mean, without weights.
    public static CrossEntropy defaults() {
        return new CrossEntropy(null, IGNORED, 0, true, Reduction.MEAN);
    }

    /// Of log-probabilities: `NLLLoss`.
    public static CrossEntropy ofLogProbabilities() {
        return new CrossEntropy(null, IGNORED, 0, false, Reduction.MEAN);
    }

    public CrossEntropy weight(Tensor ofClasses) {
        return new CrossEntropy(ofClasses, ignored, smoothing, logits, reduction);
    }

    public CrossEntropy ignored(long number) {
        return new CrossEntropy(weight, number, smoothing, logits, reduction);
    }

    public CrossEntropy smoothing(double share) {
        return new CrossEntropy(weight, ignored, share, logits, reduction);
    }

    public CrossEntropy reduction(Reduction how) {
        return new CrossEntropy(weight, ignored, smoothing, logits, how);
    }

    @Override
    public Tensor apply(Tensor prediction, Tensor target) {
        Tensor x = Autocast.wide(prediction);
        int axis = x.rank() == 1 ? 0 : 1;
        if (target.dtype().isFloat()) {
            return ofProbabilities(logits ? x.logSoftmax(axis) : x, target, axis);
        }
        if (!x.shape().without(axis).equals(target.shape())) {
            throw NnException.shape(
                    "CrossEntropy: logits %s and classes %s; classes %s are needed",
                    x.shape(), target.shape(), x.shape().without(axis));
        }
        Tensor each =
                logits
                        ? x.crossEntropies(target, weight, smoothing, ignored)
                        : ofLogarithms(x, target, axis);
        return reduction == Reduction.MEAN
                ? each.sum().div(weights(target, x).sum())
                : reduction.of(each);
    }

    /// The weight of each target.
    private Tensor weights(Tensor target, Tensor like) {
        Tensor counts = target.ne((double) ignored);
        Tensor ones = counts.to(like.dtype());
        return weight == null
                ? ones
                : ones.mul(weight.to(like.dtype()).index(counts.where(target, target.zerosLike())));
    }

    private Tensor ofLogarithms(Tensor logs, Tensor target, int axis) {
        Tensor counts = target.ne((double) ignored);
        Tensor known = counts.where(target, target.zerosLike());
        Tensor one = logs.gather(axis, known.unsqueeze(axis)).squeeze(axis).neg();
        Tensor each = counts.where(one.mul(weights(target, logs)), one.zerosLike());
        if (smoothing == 0) {
            return each;
        }
        Tensor all = weight == null ? logs : logs.mul(alongClasses(logs, axis));
        Tensor spread = counts.where(all.sum(axis).neg(), one.zerosLike());
        return each.mul(1 - smoothing).add(spread.mul(smoothing / logs.dim(axis)));
    }

    private Tensor ofProbabilities(Tensor logs, Tensor target, int axis) {
        if (!logs.shape().equals(target.shape())) {
            throw NnException.shape(
                    "CrossEntropy: logits %s and probabilities %s; equal shapes are needed",
                    logs.shape(), target.shape());
        }
        Tensor aim =
                smoothing == 0 ? target : target.mul(1 - smoothing).add(smoothing / logs.dim(axis));
        Tensor all = weight == null ? logs : logs.mul(alongClasses(logs, axis));
        Tensor each = all.mul(aim).sum(axis).neg();
        // Also with weights, PyTorch's mean divides by the number of targets here.
        return reduction.of(each);
    }

    private Tensor alongClasses(Tensor logs, int axis) {
        int[] dims = new int[logs.rank()];
        Arrays.fill(dims, 1);
        dims[axis] = logs.dim(axis);
        return Objects.requireNonNull(weight).to(logs.dtype()).reshape(dims);
    }
}
