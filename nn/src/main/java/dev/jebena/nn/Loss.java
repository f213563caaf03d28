package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// How far a prediction is from a target: a function of two tensors. [CrossEntropy], [CtcLoss] and
/// [PairLoss] are further ones.
@FunctionalInterface
public interface Loss {
    Tensor apply(Tensor prediction, Tensor target);

    /// The square of the difference.
    static Loss mse(Reduction reduction) {
        return (x, y) -> reduction.of(wide(x).sub(same(x, y)).square());
    }

    static Loss l1(Reduction reduction) {
        return (x, y) -> reduction.of(wide(x).sub(same(x, y)).abs());
    }

    /// Half the square below `delta`, else `delta (|d| - delta / 2)`.
    static Loss huber(double delta, Reduction reduction) {
        if (!(delta > 0)) {
            throw NnException.option("huber: delta is %s; a number above 0 is needed", delta);
        }
        return (x, y) -> reduction.of(huberEach(wide(x).sub(same(x, y)).abs(), delta));
    }

    /// [#huber] divided by `beta`; with 0 it is [#l1].
    static Loss smoothL1(double beta, Reduction reduction) {
        NnException.notNegative("smoothL1: beta", beta);
        return (x, y) -> {
            Tensor d = wide(x).sub(same(x, y)).abs();
            return reduction.of(beta == 0 ? d : huberEach(d, beta).div(beta));
        };
    }

    private static Tensor huberEach(Tensor d, double delta) {
        return d.lt(delta).where(d.square().mul(0.5), d.sub(delta / 2).mul(delta));
    }

    /// Binary cross entropy of probabilities; logarithms are at least -100.
    ///
    /// @param weight of each element, broadcast; or null
    static Loss bce(@Nullable Tensor weight, Reduction reduction) {
        return (x, y) -> {
            Tensor p = wide(x);
            Tensor target = same(x, y);
            Tensor yes = p.log().clampMin(-100).mul(target);
            Tensor no = p.neg().log1p().clampMin(-100).mul(target.subFrom(1));
            return reduction.of(weighted(yes.add(no).neg(), weight));
        };
    }

    /// The same of logits.
    ///
    /// @param weight of each element, broadcast; or null
    /// @param positive weight of the targets' share of 1 in each class; or null
    static Loss bceWithLogits(
            @Nullable Tensor weight, @Nullable Tensor positive, Reduction reduction) {
        return (logits, y) -> {
            Tensor x = wide(logits);
            Tensor target = same(x, y);
            Tensor off = target.subFrom(1).mul(x);
            // -log sigmoid(x), times 1 more where positives have a weight.
            Tensor miss = x.neg().softplus();
            Tensor times = positive == null ? null : positive.sub(1).mul(target).add(1);
            return reduction.of(weighted(off.add(times == null ? miss : times.mul(miss)), weight));
        };
    }

    /// Kullback-Leibler divergence of a target from log-probabilities, for each element.
    ///
    /// @param logTarget whether the target holds logarithms too
    static Loss klDiv(boolean logTarget, Reduction reduction) {
        return (x, y) -> reduction.of(klEach(wide(x), same(x, y), logTarget));
    }

    /// The same as a sum divided by the length of the first axis, which is the divergence's
    /// definition for a batch.
    static Loss klDivBatchMean(boolean logTarget) {
        return (x, y) ->
                klEach(wide(x), same(x, y), logTarget).sum().div((double) Math.max(1, x.dim(0)));
    }

    private static Tensor klEach(Tensor x, Tensor target, boolean logTarget) {
        if (logTarget) {
            return target.exp().mul(target.sub(x));
        }
        Tensor logs = target.gt(0).where(target, target.onesLike()).log();
        return target.mul(logs.sub(x));
    }

    /// Of counts: `exp(x) - y x` for logarithms of rates, or `x - y log(x + 1e-8)`.
    ///
    /// @param log whether predictions are logarithms
    /// @param full whether Stirling's term for the target is added where it is above 1
    static Loss poissonNll(boolean log, boolean full, Reduction reduction) {
        return (prediction, y) -> {
            Tensor x = wide(prediction);
            Tensor target = same(x, y);
            Tensor each = log ? x.exp().sub(target.mul(x)) : x.sub(target.mul(x.add(1e-8).log()));
            if (full) {
                Tensor safe = target.gt(1).where(target, target.onesLike());
                Tensor term =
                        safe.mul(safe.log()).sub(safe).add(safe.mul(2 * Math.PI).log().mul(0.5));
                each = each.add(target.gt(1).where(term, term.zerosLike()));
            }
            return reduction.of(each);
        };
    }

    /// For targets 1 and -1: x, or `max(0, margin - x)`.
    static Loss hingeEmbedding(double margin, Reduction reduction) {
        return (x, y) -> {
            Tensor far = x.neg().add(margin).relu();
            Tensor none = x.zerosLike();
            return reduction.of(y.ne(1).where(far, none).add(y.ne(-1).where(x, none)));
        };
    }

    /// `log(1 + exp(-y x))` for targets 1 and -1.
    static Loss softMargin(Reduction reduction) {
        return (x, y) -> reduction.of(wide(x).mul(same(x, y)).neg().softplus());
    }

    /// Binary cross entropy of logits `[n, classes]`, as the mean over the classes.
    static Loss multiLabelSoftMargin(@Nullable Tensor weight, Reduction reduction) {
        return (logits, y) -> {
            Tensor x = wide(logits);
            Tensor target = same(x, y);
            Tensor each =
                    target.mul(x.logSigmoid()).add(target.subFrom(1).mul(x.neg().logSigmoid()));
            return reduction.of(weighted(each.neg(), weight).mean(-1));
        };
    }

    /// `sum over other classes of max(0, margin - x[y] + x[i])^p / classes` for scores `[n,
    /// classes]` and classes `[n]`.
    static Loss multiMargin(int p, double margin, @Nullable Tensor weight, Reduction reduction) {
        if (p != 1 && p != 2) {
            throw NnException.option("multiMargin: p is %d; 1 or 2 is needed", p);
        }
        return (scores, classes) -> {
            Tensor x = wide(scores);
            Tensor index = classes.unsqueeze(-1);
            Tensor gap = x.sub(x.gather(-1, index)).add(margin).relu();
            Tensor each = p == 1 ? gap : gap.square();
            if (weight != null) {
                each = each.mul(weight.index(classes).unsqueeze(-1));
            }
            Tensor own = Tensor.arange(x.dim(-1)).eq(index);
            return reduction.of(own.where(each.zerosLike(), each).sum(-1).div((double) x.dim(-1)));
        };
    }

    private static Tensor weighted(Tensor each, @Nullable Tensor weight) {
        return weight == null ? each : each.mul(weight);
    }

    private static Tensor wide(Tensor x) {
        return Autocast.wide(x);
    }

    /// The target in the prediction's type; of its shape, since broadcasting here is a mistake
    /// nearly always.
    private static Tensor same(Tensor x, Tensor target) {
        if (!x.shape().equals(target.shape())) {
            throw NnException.shape(
                    "loss: the prediction has shape %s, the target %s; equal ones are needed",
                    x.shape(), target.shape());
        }
        return target.dtype().isFloat() ? target : target.to(wide(x).dtype());
    }
}
