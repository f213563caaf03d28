package dev.jebena.tensor;

import org.jspecify.annotations.Nullable;

/// Attention as matrix products: for derivatives, which compute the scores again.
final class AttentionFormula {
    private AttentionFormula() {}

    static Tensor of(Op.Attention a, Tensor... in) {
        Tensor scores = Dispatch.one(new Op.MatMul(), in[0], in[1].t()).mul(a.scale());
        double low = Double.NEGATIVE_INFINITY;
        if (in.length > 3) {
            scores =
                    in[3].dtype() == DType.BOOL
                            ? scores.maskedFill(in[3].not(), low)
                            : scores.add(in[3]);
        }
        if (a.causal()) {
            Tensor later = Tensor.ones(scores.dim(-2), scores.dim(-1)).to(DType.BOOL).triu(1);
            scores = scores.maskedFill(later, low);
        }
        return Dispatch.one(new Op.MatMul(), scores.softmax(-1), in[2]);
    }

    static @Nullable Tensor[] vjp(Op.Attention a, Derivatives.Step s) {
        boolean masked = s.x().length > 3;
        boolean floatMask = masked && s.x()[3].dtype().isFloat();
        Tensor[] inputs = masked && !floatMask ? java.util.Arrays.copyOf(s.x(), 3) : s.x();
        Grad.Pullback pullback =
                Grad.vjp(
                        in -> {
                            Tensor[] all = s.x().clone();
                            System.arraycopy(in, 0, all, 0, in.length);
                            return of(a, all);
                        },
                        inputs);
        @Nullable Tensor[] all = new @Nullable Tensor[s.x().length];
        Tensor[] found = pullback.pullAll(s.g()[0]);
        System.arraycopy(found, 0, all, 0, found.length);
        return all;
    }
}
