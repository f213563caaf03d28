package dev.jebena.tensor;

/// Matrix products.
public sealed interface Products permits Tensor {
    Tensor self();

    /// As Python's `@`: matrices in the last two axes, the others broadcast; a vector on the left
    /// is a row, on the right a column.
    default Tensor matmul(Tensor other) {
        return product(other, new Op.MatMul());
    }

    /// The product of floats of 16 bits as float32, or of integers of 8 bits, signed or not, as
    /// int32: the type in which it is summed up.
    default Tensor wideMatmul(Tensor other) {
        return product(other, new Op.MatMul(true));
    }

    /// The product of a matrix of 8-bit integers `[m, k]` and one `[k, n]` as int32, where the sums
    /// begin with `start`, int32 `[n]`.
    default Tensor wideMatmul(Tensor other, Tensor start) {
        return Dispatch.one(new Op.MatMul(true), self(), other, start.unsqueeze(0));
    }

    private Tensor product(Tensor other, Op op) {
        Tensor a = self();
        Tensor b = other;
        if (a.rank() == 0 || b.rank() == 0) {
            throw TensorException.shape(
                    "matmul: %s x %s: scalars have no matrix product; use mul()",
                    a.shape(), b.shape());
        }
        boolean row = a.rank() == 1;
        boolean column = b.rank() == 1;
        boolean wide = op.equals(new Op.MatMul(true));
        DType type = a.dtype().promote(b.dtype());
        a = row ? a.unsqueeze(0) : a;
        b = column ? b.unsqueeze(1) : b;
        Tensor product = wide ? matrices(a, b, op) : matrices(a.to(type), b.to(type), op);
        if (row) {
            product = product.select(-2, 0);
        }
        return column ? product.select(-1, 0) : product;
    }

    private Tensor matrices(Tensor a, Tensor b, Op op) {
        if (a.dim(-1) != b.dim(-2)) {
            throw TensorException.shape(
                    "matmul: inner dimensions differ: %s x %s (%d vs %d)",
                    a.shape(), b.shape(), a.dim(-1), b.dim(-2));
        }
        if (a.rank() > 2 && b.rank() == 2) {
            // One product of all rows instead of a batch of products.
            Shape rows = a.shape().slice(0, a.rank() - 1);
            Tensor flat = a.reshape(Math.toIntExact(rows.size()), a.dim(-1));
            return Dispatch.one(op, flat, b).reshape(rows.concat(Shape.of(b.dim(-1))));
        }
        Shape batch =
                Shape.broadcast(
                        "matmul",
                        a.shape().slice(0, a.rank() - 2),
                        b.shape().slice(0, b.rank() - 2));
        Shape left = batch.concat(a.shape().slice(a.rank() - 2, a.rank()));
        Shape right = batch.concat(b.shape().slice(b.rank() - 2, b.rank()));
        return Dispatch.one(op, a.expand(left), b.expand(right));
    }

    /// `x w' + bias`, with the weight `[out, in]` of a linear layer.
    default Tensor linear(Tensor weight, Tensor bias) {
        return matmul(weight.t()).add(bias);
    }

    default Tensor linear(Tensor weight) {
        return matmul(weight.t());
    }

    /// The sum of products of two vectors.
    default Tensor dot(Tensor other) {
        return self().mul(other).sum();
    }

    /// All products of elements of two vectors.
    default Tensor outer(Tensor other) {
        return self().unsqueeze(1).mul(other.unsqueeze(0));
    }
}
