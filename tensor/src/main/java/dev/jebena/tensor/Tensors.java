package dev.jebena.tensor;

import java.util.List;

/// Operations on several tensors.
public final class Tensors {
    private Tensors() {}

    /// One behind the other along an axis; types are promoted.
    public static Tensor concat(int axis, Tensor... tensors) {
        if (tensors.length == 0) {
            throw TensorException.value("concat: no tensors");
        }
        DType type = tensors[0].dtype();
        for (Tensor tensor : tensors) {
            type = type.promote(tensor.dtype());
        }
        Tensor[] cast = new Tensor[tensors.length];
        for (int i = 0; i < cast.length; i++) {
            cast[i] = tensors[i].to(type);
        }
        int at = tensors[0].shape().axis(axis, "concat");
        return cast.length == 1 ? cast[0] : Dispatch.one(new Op.Concat(at), cast);
    }

    public static Tensor concat(int axis, List<Tensor> tensors) {
        return concat(axis, tensors.toArray(Tensor[]::new));
    }

    /// Along a new axis at this place of the result.
    public static Tensor stack(int axis, Tensor... tensors) {
        Tensor[] raised = new Tensor[tensors.length];
        for (int i = 0; i < raised.length; i++) {
            raised[i] = tensors[i].unsqueeze(axis);
        }
        return concat(axis, raised);
    }

    public static Tensor stack(int axis, List<Tensor> tensors) {
        return stack(axis, tensors.toArray(Tensor[]::new));
    }

    /// Sums of products by Einstein's notation, `"bij,bjk->bik"`; see [Einsum].
    public static Tensor einsum(String equation, Tensor... operands) {
        return Einsum.of(equation, operands);
    }

    /// All to their common shape.
    public static Tensor[] broadcast(Tensor... tensors) {
        Shape shape = Shape.scalar();
        for (Tensor tensor : tensors) {
            shape = Shape.broadcast("broadcast", shape, tensor.shape());
        }
        Tensor[] all = new Tensor[tensors.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = tensors[i].expand(shape);
        }
        return all;
    }
}
