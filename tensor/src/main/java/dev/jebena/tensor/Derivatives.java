package dev.jebena.tensor;

import org.jspecify.annotations.Nullable;

/// The derivative of every op, in reverse: from the gradients of its outputs those of its inputs.
///
/// All are written in operations of tensors, so they have derivatives themselves, are traced and
/// mapped. There is no default branch: an op without a rule does not compile.
final class Derivatives {
    private Derivatives() {}

    /// What a rule sees: inputs, outputs, gradients of the outputs, and which inputs want theirs.
    record Step(Tensor[] x, Tensor[] y, Tensor[] g, boolean[] wanted) {}

    /// Whether anything flows back through the op.
    static boolean exists(Op op) {
        return switch (op) {
            case Op.Unary u -> !u.kind().isStep();
            case Op.Binary b ->
                    switch (b.kind()) {
                        case FLOOR_DIVIDE, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> false;
                        default -> true;
                    };
            case Op.Reduce r -> r.kind() != Op.ReduceKind.ANY && r.kind() != Op.ReduceKind.ALL;
            case Op.Compare c -> false;
            case Op.ArgReduce a -> false;
            case Op.CumulateIndex c -> false;
            case Op.ArgSort a -> false;
            case Op.TopK t -> false;
            case Op.PoolIndex p -> false;
            case Op.Random r -> false;
            default -> true;
        };
    }

    /// Gradients of the inputs; null where there is none, or it is not wanted.
    static @Nullable Tensor[] vjp(Op op, Step s) {
        Tensor x = s.x.length == 0 ? null : s.x[0];
        Tensor g = s.g[0];
        Tensor y = s.y[0];
        if (x == null) {
            return none(0);
        }
        return switch (op) {
            case Op.Unary u -> only(UnaryDerivatives.vjp(u.kind(), x, y, g));
            case Op.Binary b -> binary(b.kind(), s);
            case Op.Compare c -> none(2);
            case Op.Where w -> where(s);
            case Op.Clamp c -> only(g.mul(x.ge(c.low()).and(x.le(c.high())).to(x.dtype())));
            case Op.Cast c -> only(x.dtype().isFloat() ? g.to(x.dtype()) : null);
            case Op.Reshape r -> only(g.reshape(x.shape()));
            case Op.Permute p -> only(g.permute(Axes.inverse(p.order().toArray())));
            case Op.Expand e -> only(expand(g, x.shape()));
            case Op.Slice p -> only(slice(p, x, g));
            case Op.Pad p -> only(pad(p, x, g));
            case Op.Flip f -> only(g.flip(f.axes().toArray()));
            case Op.Unfold u ->
                    only(apply(new Op.Fold(u.axis(), u.size(), u.step(), x.dim(u.axis())), g));
            case Op.Fold f -> only(apply(new Op.Unfold(f.axis(), f.size(), f.step()), g));
            case Op.Concat c -> concat(c.axis(), s);
            case Op.Reduce r -> only(reduce(r, x, y, g));
            case Op.ArgReduce a -> none(1);
            case Op.Cumulate c ->
                    only(
                            c.product()
                                    ? Grad.vjp(v -> Scans.product(v[0], c.axis()), x).pull(g)
                                    : g.flip(c.axis()).cumsum(c.axis()).flip(c.axis()));
            case Op.CumulateIndex c -> none(1);
            case Op.Gather i -> both(x.zerosLike().scatterAdd(i.axis(), s.x[1], g), null);
            case Op.Scatter i ->
                    three(g.scatter(i.axis(), s.x[1], 0), null, g.gather(i.axis(), s.x[1]));
            case Op.ScatterAdd i -> three(g, null, g.gather(i.axis(), s.x[1]));
            case Op.IndexSelect i -> both(x.zerosLike().indexAdd(i.axis(), s.x[1], g), null);
            case Op.IndexAdd i -> three(g, null, g.indexSelect(i.axis(), s.x[1]));
            case Op.ArgSort a -> none(1);
            case Op.TopK t -> none(1);
            case Op.MatMul m -> matmul(s);
            case Op.Conv c -> conv(c, s);
            case Op.ConvInput c -> convInput(c, s);
            case Op.ConvWeight c -> convWeight(c, s);
            case Op.PoolIndex p -> none(1);
            case Op.PoolSum p -> only(apply(new Op.PoolSpread(p.windows(), pooled(p, x)), g));
            case Op.PoolSpread p -> only(apply(new Op.PoolSum(p.windows()), g));
            case Op.Softmax p -> only(softmax(p.axis(), y, g));
            case Op.LogSoftmax p -> only(logSoftmax(p.axis(), y, g));
            case Op.CrossEntropy c -> CrossEntropyFormula.vjp(c, s);
            case Op.CrossEntropyGradient c -> CrossEntropyFormula.vjp(c, s);
            case Op.Standardize n -> only(standardize(n, s));
            case Op.Attention a -> AttentionFormula.vjp(a, s);
            case Op.Fft f -> only(apply(new Op.Fft(!f.inverse()), g));
            case Op.Cholesky c -> only(MatrixDerivatives.cholesky(y, g));
            case Op.TriangularSolve t -> MatrixDerivatives.triangularSolve(t, s);
            case Op.Solve v -> MatrixDerivatives.solve(s);
            case Op.Qr q -> only(MatrixDerivatives.qr(s));
            case Op.Svd v -> only(MatrixDerivatives.svd(s));
            case Op.Eigh e -> only(MatrixDerivatives.eigh(s));
            case Op.SlogDet d -> only(MatrixDerivatives.slogDet(x, s.g[1]));
            case Op.Random r -> none(1);
            case Op.Custom c -> custom(c, s);
        };
    }

    static Tensor apply(Op op, Tensor... inputs) {
        return Dispatch.one(op, inputs);
    }

    private static @Nullable Tensor[] none(int count) {
        return new @Nullable Tensor[count];
    }

    private static @Nullable Tensor[] only(@Nullable Tensor gradient) {
        return new @Nullable Tensor[] {gradient};
    }

    private static @Nullable Tensor[] both(@Nullable Tensor a, @Nullable Tensor b) {
        return new @Nullable Tensor[] {a, b};
    }

    private static @Nullable Tensor[] three(
            @Nullable Tensor a, @Nullable Tensor b, @Nullable Tensor c) {
        return new @Nullable Tensor[] {a, b, c};
    }

    private static @Nullable Tensor[] binary(Op.BinaryKind kind, Step s) {
        boolean wantsA = s.wanted[0];
        boolean wantsB = s.wanted[1];
        Tensor a = s.x[0];
        Tensor b = s.x[1];
        Tensor g = s.g[0];
        Tensor y = s.y[0];
        return switch (kind) {
            case ADD -> both(g, g);
            case SUB -> both(g, wantsB ? g.neg() : null);
            case MUL -> both(wantsA ? g.mul(b) : null, wantsB ? g.mul(a) : null);
            case DIV -> both(g.div(b), wantsB ? g.mul(y).div(b).neg() : null);
            case POW -> both(wantsA ? powBase(a, b, g) : null, wantsB ? powExponent(s) : null);
            case MAXIMUM -> chosen(g, a.gt(b), a.lt(b));
            case MINIMUM -> chosen(g, a.lt(b), a.gt(b));
            case ATAN2 -> {
                Tensor scaled = g.div(a.square().add(b.square()));
                yield both(scaled.mul(b), scaled.mul(a).neg());
            }
            case REMAINDER -> both(g, wantsB ? g.mul(a.div(b).floor()).neg() : null);
            case FMOD -> both(g, wantsB ? g.mul(a.div(b).trunc()).neg() : null);
            case FLOOR_DIVIDE, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT -> none(2);
        };
    }

    /// `b a^(b - 1)`, and 0 for exponent 0 even at base 0.
    private static Tensor powBase(Tensor a, Tensor b, Tensor g) {
        Tensor zero = b.eq(0);
        Tensor safe = zero.where(b.onesLike(), b);
        Tensor slope = b.mul(a.pow(safe.sub(1)));
        return g.mul(zero.where(b.zerosLike(), slope));
    }

    /// `a^b log a`, and 0 at base 0 for exponents from 0 on.
    private static Tensor powExponent(Step s) {
        Tensor a = s.x[0];
        Tensor zero = a.eq(0).and(s.x[1].ge(0));
        Tensor safe = zero.where(a.onesLike(), a);
        return s.g[0].mul(zero.where(a.zerosLike(), s.y[0].mul(safe.log())));
    }

    /// To the operand that was chosen; to both by halves if they are equal.
    private static @Nullable Tensor[] chosen(Tensor g, Tensor first, Tensor second) {
        Tensor half = g.mul(0.5);
        Tensor zero = g.zerosLike();
        Tensor a = second.where(zero, first.where(g, half));
        Tensor b = first.where(zero, second.where(g, half));
        return both(a, b);
    }

    private static @Nullable Tensor[] where(Step s) {
        Tensor g = s.g[0];
        Tensor zero = g.zerosLike();
        return three(
                null,
                s.wanted[1] ? s.x[0].where(g, zero) : null,
                s.wanted[2] ? s.x[0].where(zero, g) : null);
    }

    private static Tensor expand(Tensor g, Shape shape) {
        int[] axes =
                java.util.stream.IntStream.range(0, shape.rank())
                        .filter(i -> shape.dim(i) == 1 && g.dim(i) != 1)
                        .toArray();
        return axes.length == 0 ? g : g.sum(true, axes);
    }

    private static Tensor slice(Op.Slice p, Tensor x, Tensor g) {
        if (g.size() == 0) {
            return x.zerosLike();
        }
        int rank = x.rank();
        int[] high = new int[rank];
        for (int i = 0; i < rank; i++) {
            int last = p.begin().get(i) + (g.dim(i) - 1) * p.step().get(i);
            high[i] = x.dim(i) - 1 - last;
        }
        return apply(new Op.Pad(p.begin(), Ints.of(high), p.step().map(n -> n - 1), 0), g);
    }

    private static Tensor pad(Op.Pad p, Tensor x, Tensor g) {
        if (x.size() == 0) {
            return x.zerosLike();
        }
        Ints steps = p.interior().map(n -> n + 1);
        int[] end = new int[x.rank()];
        for (int i = 0; i < end.length; i++) {
            end[i] = p.low().get(i) + (x.dim(i) - 1) * steps.get(i) + 1;
        }
        return apply(new Op.Slice(p.low(), Ints.of(end), steps), g);
    }

    private static @Nullable Tensor[] concat(int axis, Step s) {
        @Nullable Tensor[] parts = new @Nullable Tensor[s.x.length];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            int length = s.x[i].dim(axis);
            parts[i] = s.wanted[i] ? s.g[0].slice(axis, at, at + length) : null;
            at += length;
        }
        return parts;
    }

    private static @Nullable Tensor reduce(Op.Reduce r, Tensor x, Tensor y, Tensor g) {
        return switch (r.kind()) {
            case SUM -> g.expand(x.shape());
            case PROD -> Grad.vjp(v -> Scans.total(v[0], r.axes()), x).pull(g);
            case MAX, MIN -> {
                Tensor mask = x.eq(y).to(x.dtype());
                yield mask.mul(g.div(mask.sum(true, r.axes().toArray())));
            }
            case ANY, ALL -> null;
        };
    }

    private static @Nullable Tensor[] matmul(Step s) {
        Tensor g = s.g[0].to(s.x[0].dtype());
        return both(
                s.wanted[0] ? product(g, s.x[1].t(), s.x[0]) : null,
                s.wanted[1] ? product(s.x[0].t(), g, s.x[1]) : null);
    }

    /// `a b` in memory of the order that another matrix has: the gradient of a weight that was used
    /// transposed lies as the weight does.
    private static Tensor product(Tensor a, Tensor b, Tensor like) {
        return like.isTransposed()
                ? apply(new Op.MatMul(), b.t(), a.t()).t()
                : apply(new Op.MatMul(), a, b);
    }

    private static @Nullable Tensor[] conv(Op.Conv c, Step s) {
        Tensor x = s.x[0];
        Tensor w = s.x[1];
        return both(
                s.wanted[0] ? apply(new Op.ConvInput(c.window(), x.shape()), s.g[0], w) : null,
                s.wanted[1] ? apply(new Op.ConvWeight(c.window(), w.shape()), x, s.g[0]) : null);
    }

    private static @Nullable Tensor[] convInput(Op.ConvInput c, Step s) {
        Tensor y = s.x[0];
        Tensor w = s.x[1];
        return both(
                s.wanted[0] ? apply(new Op.Conv(c.window()), s.g[0], w) : null,
                s.wanted[1] ? apply(new Op.ConvWeight(c.window(), w.shape()), s.g[0], y) : null);
    }

    private static @Nullable Tensor[] convWeight(Op.ConvWeight c, Step s) {
        Tensor x = s.x[0];
        Tensor y = s.x[1];
        return both(
                s.wanted[0] ? apply(new Op.ConvInput(c.window(), x.shape()), y, s.g[0]) : null,
                s.wanted[1] ? apply(new Op.Conv(c.window()), x, s.g[0]) : null);
    }

    private static Ints pooled(Op.PoolSum p, Tensor x) {
        int rank = p.windows().rank();
        return Ints.range(x.rank() - rank, x.rank()).map(x::dim);
    }

    private static Tensor softmax(int axis, Tensor y, Tensor g) {
        Tensor fused = Fused.softmaxGradient(false, axis, y, g);
        return fused != null ? fused : y.mul(g.sub(g.mul(y).sum(true, axis)));
    }

    private static Tensor logSoftmax(int axis, Tensor y, Tensor g) {
        Tensor fused = Fused.softmaxGradient(true, axis, y, g);
        return fused != null ? fused : g.sub(y.exp().mul(g.sum(true, axis)));
    }

    private static Tensor standardize(Op.Standardize n, Step s) {
        int[] axes = Ints.range(-n.axes(), 0).toArray();
        Tensor y = s.y[0];
        Tensor factor = s.y[1];
        Tensor g = s.g[0];
        Tensor gradient = Fused.standardizeGradient(n.axes(), y, factor, g);
        if (gradient == null) {
            Tensor centred = g.sub(g.mean(true, axes)).sub(y.mul(g.mul(y).mean(true, axes)));
            gradient = centred.mul(factor);
        }
        if (s.g[1].isZeroConstant()) {
            return gradient;
        }
        double count = Axes.count(y, Axes.of(y, "standardize", axes));
        Tensor slope = y.mul(factor.square()).div(-count);
        return gradient.add(slope.mul(s.g[1]));
    }

    private static @Nullable Tensor[] custom(Op.Custom c, Step s) {
        return c.definition()
                .backward(java.util.List.of(s.x), java.util.List.of(s.y), java.util.List.of(s.g))
                .toArray(new @Nullable Tensor[0]);
    }
}
