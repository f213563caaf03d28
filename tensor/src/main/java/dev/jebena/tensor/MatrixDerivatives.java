package dev.jebena.tensor;

import org.jspecify.annotations.Nullable;

/// Derivatives of linear algebra; a part of [Derivatives]. Formulas as in Giles, "An extended
/// collection of matrix derivative results" (2008), and Walter and Lehmann (2010) for QR.
final class MatrixDerivatives {
    private MatrixDerivatives() {}

    static Tensor cholesky(Tensor l, Tensor g) {
        Tensor p = l.t().matmul(g.tril(0));
        Tensor half = p.tril(0).sub(p.diagonal().mul(0.5).diagonalMatrix());
        // l^-T half l^-1
        Tensor left = l.t().triangularSolve(half, true, false);
        Tensor whole = l.t().triangularSolve(left.t(), true, false).t();
        return whole.add(whole.t()).mul(0.5);
    }

    static @Nullable Tensor[] triangularSolve(Op.TriangularSolve op, Derivatives.Step s) {
        Tensor a = s.x()[0];
        Tensor b = Dispatch.one(new Op.TriangularSolve(!op.upper(), op.unit()), a.t(), s.g()[0]);
        Tensor full = b.matmul(s.y()[0].t()).neg();
        int edge = op.unit() ? 1 : 0;
        return new @Nullable Tensor[] {op.upper() ? full.triu(edge) : full.tril(-edge), b};
    }

    static @Nullable Tensor[] solve(Derivatives.Step s) {
        Tensor b = Dispatch.one(new Op.Solve(), s.x()[0].t(), s.g()[0]);
        return new @Nullable Tensor[] {b.matmul(s.y()[0].t()).neg(), b};
    }

    static Tensor slogDet(Tensor a, Tensor g) {
        return a.inverse().t().mul(g.unsqueeze(-1).unsqueeze(-1));
    }

    static Tensor qr(Derivatives.Step s) {
        Tensor a = s.x()[0];
        Tensor q = s.y()[0];
        Tensor r = s.y()[1];
        Tensor gq = s.g()[0];
        Tensor gr = s.g()[1];
        int m = a.dim(-2);
        if (m >= a.dim(-1)) {
            return tall(q, r, gq, gr);
        }
        Tensor rest = a.slice(-1, m, a.dim(-1));
        Tensor gRest = gr.slice(-1, m, a.dim(-1));
        Tensor square =
                tall(q, r.slice(-1, 0, m), gq.add(rest.matmul(gRest.t())), gr.slice(-1, 0, m));
        return Tensors.concat(-1, square, q.matmul(gRest));
    }

    private static Tensor tall(Tensor q, Tensor r, Tensor gq, Tensor gr) {
        Tensor m = r.matmul(gr.t()).sub(gq.t().matmul(q));
        Tensor symmetric = m.tril(0).add(m.tril(-1).t());
        Tensor right = gq.add(q.matmul(symmetric));
        // right r^-T
        return r.triangularSolve(right.t(), true, false).t();
    }

    static Tensor eigh(Derivatives.Step s) {
        Tensor w = s.y()[0];
        Tensor v = s.y()[1];
        Tensor inner = v.t().matmul(s.g()[1]).div(gaps(w)).add(zeroDiagonal(w, s.g()[0]));
        return v.matmul(inner).matmul(v.t());
    }

    /// `w[j] - w[i]`, and infinity on the diagonal, so that a quotient is 0 there.
    private static Tensor gaps(Tensor w) {
        Tensor differences = w.unsqueeze(-2).sub(w.unsqueeze(-1));
        Tensor diagonal = Tensor.eye(w.dim(-1), DType.BOOL);
        return differences.maskedFill(diagonal, Double.POSITIVE_INFINITY);
    }

    private static Tensor zeroDiagonal(Tensor w, Tensor g) {
        return g.expand(w.shape()).diagonalMatrix();
    }

    static Tensor svd(Derivatives.Step step) {
        Tensor u = step.y()[0];
        Tensor s = step.y()[1];
        Tensor v = step.y()[2].t();
        Tensor gu = step.g()[0];
        Tensor gv = step.g()[2].t();
        Tensor gaps = gaps(s.square());
        Tensor row = s.unsqueeze(-2);
        Tensor column = s.unsqueeze(-1);
        Tensor fromU = skew(u.t().matmul(gu)).div(gaps).mul(row);
        Tensor fromV = skew(v.t().matmul(gv)).div(gaps).mul(column);
        Tensor inner = fromU.add(fromV).add(step.g()[1].diagonalMatrix());
        Tensor gradient = u.matmul(inner).matmul(v.t());
        Tensor a = step.x()[0];
        if (a.dim(-2) > a.dim(-1)) {
            Tensor outside = gu.div(row).sub(u.matmul(u.t().matmul(gu.div(row))));
            gradient = gradient.add(outside.matmul(v.t()));
        }
        if (a.dim(-2) < a.dim(-1)) {
            Tensor scaled = gv.div(row);
            Tensor outside = scaled.sub(v.matmul(v.t().matmul(scaled)));
            gradient = gradient.add(u.matmul(outside.t()));
        }
        return gradient;
    }

    private static Tensor skew(Tensor x) {
        return x.sub(x.t());
    }
}
