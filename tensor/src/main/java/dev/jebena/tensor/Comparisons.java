package dev.jebena.tensor;

import dev.jebena.tensor.Op.CompareKind;

/// Comparisons, which give booleans, and choices by booleans.
public sealed interface Comparisons permits Tensor {
    Tensor self();

    private Tensor of(CompareKind kind, Tensor other) {
        return Promotion.binary(new Op.Compare(kind), Inference.name(kind), self(), other);
    }

    private Tensor of(CompareKind kind, double other) {
        return of(kind, Promotion.number(other, self()));
    }

    default Tensor eq(Tensor other) {
        return of(CompareKind.EQ, other);
    }

    default Tensor eq(double other) {
        return of(CompareKind.EQ, other);
    }

    default Tensor ne(Tensor other) {
        return of(CompareKind.NE, other);
    }

    default Tensor ne(double other) {
        return of(CompareKind.NE, other);
    }

    default Tensor lt(Tensor other) {
        return of(CompareKind.LT, other);
    }

    default Tensor lt(double other) {
        return of(CompareKind.LT, other);
    }

    default Tensor le(Tensor other) {
        return of(CompareKind.LE, other);
    }

    default Tensor le(double other) {
        return of(CompareKind.LE, other);
    }

    default Tensor gt(Tensor other) {
        return of(CompareKind.GT, other);
    }

    default Tensor gt(double other) {
        return of(CompareKind.GT, other);
    }

    default Tensor ge(Tensor other) {
        return of(CompareKind.GE, other);
    }

    default Tensor ge(double other) {
        return of(CompareKind.GE, other);
    }

    /// With this as condition: `yes` where true, else `no`.
    default Tensor where(Tensor yes, Tensor no) {
        DType type = Promotion.common(yes, no);
        Shape shape = Shape.broadcast("where", yes.shape(), no.shape());
        shape = Shape.broadcast("where", self().shape(), shape);
        return Dispatch.one(
                new Op.Where(),
                self().to(DType.BOOL).expand(shape),
                yes.to(type).expand(shape),
                no.to(type).expand(shape));
    }

    /// This, with `value` where `mask` is true.
    default Tensor maskedFill(Tensor mask, double value) {
        return mask.where(Tensor.scalar(value, self().dtype()), self());
    }

    /// Whether all elements are equal, or near: `|a - b| <= absolute + relative |b|`; NaN is near
    /// to nothing.
    default boolean allClose(Tensor other, double relative, double absolute) {
        Tensor a = self().to(DType.FLOAT64);
        Tensor b = other.to(DType.FLOAT64);
        Tensor near = a.sub(b).abs().le(b.abs().mul(relative).add(absolute));
        return near.or(a.eq(b)).all().itemLong() == 1;
    }
}
