package dev.jebena.tensor;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cross entropy in other ops: for derivatives of its derivative, and for formats that do not have
/// it.
final class CrossEntropyFormula {
    private CrossEntropyFormula() {}

    /// What both ops work on.
    ///
    /// @param classes 0 where they do not count
    /// @param counts 1 for lines that count, else 0
    private record Aim(
            Op.CrossEntropy op, Tensor x, Tensor classes, Tensor counts, @Nullable Tensor weights) {
        static Aim of(Op.CrossEntropy op, Tensor x, Tensor classes, @Nullable Tensor weights) {
            Tensor known = classes.ne(Tensor.scalar(op.ignored(), DType.INT64));
            return new Aim(
                    op, x, known.where(classes, classes.zerosLike()), known.to(x.dtype()), weights);
        }

        private Tensor weighted(Tensor x) {
            return weights == null ? x : x.mul(weights);
        }

        /// What is taken of each class alike; null without smoothing.
        private @Nullable Tensor spread() {
            if (op.smoothing() == 0) {
                return null;
            }
            Tensor share = counts.mul(op.smoothing() / x.dim(op.axis())).expand(x.shape());
            return weighted(share);
        }

        /// What is taken of the right class, `[..., 1, ...]`.
        Tensor own() {
            Tensor share = counts.mul(1 - op.smoothing());
            return weights == null ? share : share.mul(weights.gather(op.axis(), classes));
        }

        /// How much each class is wanted.
        Tensor all() {
            Tensor spread = spread();
            Tensor from = spread == null ? x.zerosLike() : spread;
            return from.scatterAdd(op.axis(), classes, own());
        }
    }

    static List<Tensor> of(Op.CrossEntropy op, Tensor... in) {
        Aim aim = Aim.of(op, in[0], in[1], in.length > 2 ? in[2] : null);
        Tensor sums = in[0].logSumExp(true, op.axis());
        Tensor loss = sums.sub(in[0].gather(op.axis(), aim.classes)).mul(aim.own());
        Tensor spread = aim.spread();
        if (spread != null) {
            loss = loss.add(spread.mul(sums.sub(in[0])).sum(true, op.axis()));
        }
        return List.of(loss, sums);
    }

    static @Nullable Tensor[] vjp(Op.CrossEntropy op, Derivatives.Step s) {
        Tensor x = s.x()[0];
        Tensor sums = s.y()[1];
        Tensor slopes = s.g()[0];
        boolean weighted = s.x().length > 2;
        Op back = new Op.CrossEntropyGradient(op);
        Tensor gradient =
                weighted
                        ? Dispatch.one(back, x, s.x()[1], sums, slopes, s.x()[2])
                        : Dispatch.one(back, x, s.x()[1], sums, slopes);
        if (!s.g()[1].isZeroConstant()) {
            gradient = gradient.add(x.sub(sums).exp().mul(s.g()[1]));
        }
        @Nullable Tensor[] all = new @Nullable Tensor[s.x().length];
        all[0] = gradient;
        if (weighted && s.wanted()[2]) {
            Tensor share = Aim.of(op, x, s.x()[1], null).all();
            all[2] = share.mul(sums.sub(x)).mul(slopes);
        }
        return all;
    }

    static @Nullable Tensor[] vjp(Op.CrossEntropyGradient op, Derivatives.Step s) {
        Tensor[] in = s.x();
        Tensor[] floats = {in[0], in[2], in[3]};
        if (in.length > 4) {
            floats = Arrays.copyOf(floats, 4);
            floats[3] = in[4];
        }
        Tensor[] found =
                Grad.vjp(
                                v ->
                                        slopes(
                                                op.of(),
                                                in[1],
                                                v[0],
                                                v[1],
                                                v[2],
                                                in.length > 4 ? v[3] : null),
                                floats)
                        .pullAll(s.g()[0]);
        @Nullable Tensor[] all = new @Nullable Tensor[in.length];
        all[0] = found[0];
        System.arraycopy(found, 1, all, 2, found.length - 1);
        return all;
    }

    private static Tensor slopes(
            Op.CrossEntropy op,
            Tensor classes,
            Tensor x,
            Tensor sums,
            Tensor slopes,
            @Nullable Tensor weights) {
        Tensor q = Aim.of(op, x, classes, weights).all();
        Tensor shares = x.sub(sums).exp().mul(q.sum(true, op.axis()));
        return shares.sub(q).mul(slopes);
    }
}
