package dev.jebena.tensor;

/// Products written as few multiplications of whole tensors, for their derivatives: dividing the
/// product by an element would fail where that is 0.
final class Scans {
    private Scans() {}

    /// The product over axes, which stay with length 1: halves are multiplied until one is left.
    static Tensor total(Tensor x, Ints axes) {
        Tensor y = x;
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            if (y.dim(axis) == 0) {
                y = Tensor.full(y.shape().with(axis, 1), 1, y.dtype());
            }
            while (y.dim(axis) > 1) {
                int half = y.dim(axis) / 2;
                Tensor product = y.slice(axis, 0, half).mul(y.slice(axis, half, 2 * half));
                Tensor odd = y.slice(axis, 2 * half, y.dim(axis));
                y = odd.dim(axis) == 0 ? product : Tensors.concat(axis, product, odd);
            }
        }
        return y;
    }

    /// Running products: each pass multiplies with the element twice as far before.
    static Tensor product(Tensor x, int axis) {
        Tensor y = x;
        int length = x.dim(axis);
        for (int shift = 1; shift < length; shift *= 2) {
            Tensor later = y.slice(axis, shift, length).mul(y.slice(axis, 0, length - shift));
            y = Tensors.concat(axis, y.slice(axis, 0, shift), later);
        }
        return y;
    }
}
