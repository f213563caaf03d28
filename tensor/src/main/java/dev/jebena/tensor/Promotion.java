package dev.jebena.tensor;

/// Brings the operands of an op to one shape and type.
final class Promotion {
    private Promotion() {}

    /// A number beside a tensor: of the tensor's type unless it is of a stronger category.
    static Tensor number(double value, Tensor beside) {
        DType type = beside.dtype();
        boolean whole = value == Math.rint(value) && Math.abs(value) < 0x1p53;
        if (!type.isFloat() && !whole) {
            type = DType.FLOAT32;
        } else if (type == DType.BOOL) {
            type = DType.INT64;
        }
        return Tensor.scalar(value, type);
    }

    /// PyTorch's rule: tensors with axes decide within a category; scalars decide only if their
    /// category is stronger.
    static DType common(Tensor a, Tensor b) {
        boolean scalarA = a.rank() == 0;
        boolean scalarB = b.rank() == 0;
        if (scalarA == scalarB || a.dtype().kind() != b.dtype().kind()) {
            return a.dtype().promote(b.dtype());
        }
        return scalarA ? b.dtype() : a.dtype();
    }

    static Tensor binary(Op op, String name, Tensor a, Tensor b) {
        DType type = common(a, b);
        Shape shape = Shape.broadcast(name, a.shape(), b.shape());
        return Dispatch.one(op, a.to(type).expand(shape), b.to(type).expand(shape));
    }
}
