package dev.jebena.tensor;

/// Linear algebra of matrices in the last two axes.
public sealed interface Algebra permits Tensor {
    Tensor self();

    /// `this = q r`.
    record Qr(Tensor q, Tensor r) {}

    /// `this = u diag(s) vh`, s falling.
    record Svd(Tensor u, Tensor s, Tensor vh) {}

    /// `this = v diag(values) v'`, values rising, eigenvectors as columns.
    record Eigen(Tensor values, Tensor vectors) {}

    /// The determinant is `sign exp(logarithm)`.
    record Determinant(Tensor sign, Tensor logarithm) {}

    /// The lower factor `l` of `this = l l'`; this is symmetric positive definite.
    default Tensor cholesky() {
        return Dispatch.one(new Op.Cholesky(), self());
    }

    /// x of `this x = b`; a vector b gives a vector.
    default Tensor solve(Tensor b) {
        return solve(new Op.Solve(), b);
    }

    /// x of `this x = b` for a triangular matrix.
    ///
    /// @param unit the diagonal counts as 1
    default Tensor triangularSolve(Tensor b, boolean upper, boolean unit) {
        return solve(new Op.TriangularSolve(upper, unit), b);
    }

    private Tensor solve(Op op, Tensor b) {
        Tensor a = self();
        if (a.rank() < 2) {
            throw TensorException.shape("solve: %s is not a matrix", a.shape());
        }
        boolean vector = b.rank() == 1 || b.shape().equals(a.shape().without(-1));
        Tensor right = vector ? b.unsqueeze(-1) : b;
        DType type = a.dtype().promote(b.dtype());
        Shape batch =
                Shape.broadcast(
                        "solve",
                        a.shape().slice(0, a.rank() - 2),
                        right.shape().slice(0, right.rank() - 2));
        Tensor left = a.expand(batch.concat(a.shape().slice(a.rank() - 2, a.rank()))).to(type);
        int rank = right.rank();
        Tensor wide = right.expand(batch.concat(right.shape().slice(rank - 2, rank))).to(type);
        Tensor x = Dispatch.one(op, left, wide);
        return vector ? x.select(-1, 0) : x;
    }

    default Tensor inverse() {
        return solve(Tensor.eye(self().dim(-1), self().dtype()));
    }

    default Tensor det() {
        Determinant d = slogdet();
        return d.sign().mul(d.logarithm().exp());
    }

    default Determinant slogdet() {
        Tensor[] parts = Dispatch.run(new Op.SlogDet(), self());
        return new Determinant(parts[0], parts[1]);
    }

    default Qr qr() {
        Tensor[] parts = Dispatch.run(new Op.Qr(), self());
        return new Qr(parts[0], parts[1]);
    }

    default Svd svd() {
        Tensor[] parts = Dispatch.run(new Op.Svd(), self());
        return new Svd(parts[0], parts[1], parts[2]);
    }

    /// Of a symmetric matrix; its lower half is read.
    default Eigen eigh() {
        Tensor[] parts = Dispatch.run(new Op.Eigh(), self());
        return new Eigen(parts[0], parts[1]);
    }

    /// The sum of the diagonal.
    default Tensor trace() {
        return self().diagonal().sum(-1);
    }
}
