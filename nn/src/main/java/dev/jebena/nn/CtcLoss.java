package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;

/// Connectionist temporal classification (Graves et al. 2006): the negative logarithm of the
/// probability of a text over all ways to stretch it, with blanks between.
///
/// @param blank class of the blank
/// @param reduction the mean divides each loss by the length of its text first, as in PyTorch
/// @param zeroInfinity whether texts that do not fit into their time count 0 instead of infinity
public record CtcLoss(int blank, Reduction reduction, boolean zeroInfinity) {
    /// Far below any logarithm of a probability; infinity would make derivatives NaN.
    private static final double NEVER = -1e30;

    /// Blank 0, mean.
    public static CtcLoss defaults() {
        return new CtcLoss(0, Reduction.MEAN, false);
    }

    /// @param logs log-probabilities `[time, n, classes]`
    /// @param targets classes `[n, longest text]`
    /// @param times how much of the time of each counts
    /// @param lengths how much of each text counts
    public Tensor apply(Tensor logs, Tensor targets, long[] times, long[] lengths) {
        int n = check(logs, targets, times, lengths);
        int places = 2 * targets.dim(1) + 1;
        Tensor labels = stretched(targets, n, places);
        Tensor skip = skips(labels, places);
        Tensor wide = Autocast.wide(logs);
        Tensor never = Tensor.full(Shape.of(n, places), NEVER, wide.dtype());
        Tensor place = Tensor.arange(places);
        Tensor alpha = place.lt(2).expand(n, places).where(emit(wide, 0, labels), never);
        Tensor until = Tensor.of(times, n).unsqueeze(1);
        for (int t = 1; t < wide.dim(0); t++) {
            Tensor one = shifted(alpha, 1);
            Tensor two = skip.where(shifted(alpha, 2), never);
            Tensor sum = Tensors.stack(0, alpha, one, two).logSumExp(0);
            alpha = until.gt(t).where(sum.add(emit(wide, t, labels)), alpha);
        }
        Tensor length = Tensor.of(lengths, n);
        Tensor last = place.eq(length.mul(2).unsqueeze(1));
        Tensor before = place.eq(length.mul(2).sub(1).unsqueeze(1));
        Tensor ends = last.or(before).where(alpha, never).logSumExp(1);
        return reduce(ends.neg(), length);
    }

    private Tensor reduce(Tensor each, Tensor length) {
        Tensor impossible = each.gt(-NEVER / 2);
        Tensor instead =
                Tensor.full(
                        each.shape(), zeroInfinity ? 0 : Double.POSITIVE_INFINITY, each.dtype());
        Tensor losses = impossible.where(instead, each);
        return reduction == Reduction.MEAN
                ? losses.div(length.clampMin(1).to(losses.dtype())).mean()
                : reduction.of(losses);
    }

    /// The text with blanks around all its classes.
    private Tensor stretched(Tensor targets, int n, int places) {
        Tensor blanks = Tensor.full(Shape.of(n, places / 2 + 1, 1), blank, DType.INT64);
        Tensor padded = targets.to(DType.INT64).pad(blank, 0, 1).unsqueeze(2);
        return Tensors.concat(2, blanks, padded).flatten(1, 2).slice(1, 0, places);
    }

    /// Where the blank before a place may be left out: between different classes.
    private Tensor skips(Tensor labels, int places) {
        Tensor earlier = labels.pad(blank, 2, 0).slice(1, 0, places);
        return labels.ne(blank).and(labels.ne(earlier));
    }

    private static Tensor shifted(Tensor alpha, int by) {
        return alpha.pad(NEVER, by, 0).slice(1, 0, alpha.dim(1));
    }

    private static Tensor emit(Tensor logs, int t, Tensor labels) {
        return logs.select(0, t).gather(1, labels);
    }

    private int check(Tensor logs, Tensor targets, long[] times, long[] lengths) {
        if (logs.rank() != 3 || logs.dim(0) == 0 || targets.rank() != 2) {
            throw NnException.shape(
                    "CtcLoss: log-probabilities %s and targets %s; [time, n, classes] and [n,"
                            + " length] are needed",
                    logs.shape(), targets.shape());
        }
        int n = logs.dim(1);
        if (targets.dim(0) != n || times.length != n || lengths.length != n) {
            throw NnException.shape(
                    "CtcLoss: %d sequences, %d targets, %d times and %d lengths; as many of each"
                            + " are needed",
                    n, targets.dim(0), times.length, lengths.length);
        }
        for (int i = 0; i < n; i++) {
            if (times[i] < 1
                    || times[i] > logs.dim(0)
                    || lengths[i] < 0
                    || lengths[i] > targets.dim(1)) {
                throw NnException.shape(
                        "CtcLoss: sequence %d has time %d and length %d; there are %d and %d",
                        i, times[i], lengths[i], logs.dim(0), targets.dim(1));
            }
        }
        return n;
    }
}
