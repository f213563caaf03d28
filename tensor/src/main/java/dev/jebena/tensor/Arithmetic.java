package dev.jebena.tensor;

import dev.jebena.tensor.Op.BinaryKind;

/// Operations on two tensors, or a tensor and a number. Shapes broadcast, types are promoted: a
/// number, or a scalar tensor, changes a tensor's type only to a stronger category.
public sealed interface Arithmetic permits Tensor {
    Tensor self();

    private Tensor of(BinaryKind kind, Tensor other) {
        return Promotion.binary(new Op.Binary(kind), Inference.name(kind), self(), other);
    }

    private Tensor of(BinaryKind kind, double other) {
        return of(kind, Promotion.number(other, self()));
    }

    default Tensor add(Tensor other) {
        return of(BinaryKind.ADD, other);
    }

    default Tensor add(double other) {
        return of(BinaryKind.ADD, other);
    }

    default Tensor sub(Tensor other) {
        return of(BinaryKind.SUB, other);
    }

    default Tensor sub(double other) {
        return of(BinaryKind.SUB, other);
    }

    /// `number - this`.
    default Tensor subFrom(double number) {
        return Promotion.number(number, self()).sub(self());
    }

    default Tensor mul(Tensor other) {
        return of(BinaryKind.MUL, other);
    }

    default Tensor mul(double other) {
        return of(BinaryKind.MUL, other);
    }

    /// The true quotient; of integers it is float32.
    default Tensor div(Tensor other) {
        DType common = Promotion.common(self(), other);
        if (common.isFloat()) {
            return of(BinaryKind.DIV, other);
        }
        return self().to(DType.FLOAT32).div(other.to(DType.FLOAT32));
    }

    default Tensor div(double other) {
        return div(Promotion.number(other, self()));
    }

    /// `number / this`.
    default Tensor divInto(double number) {
        return Promotion.number(number, self()).div(self());
    }

    default Tensor pow(Tensor exponent) {
        return of(BinaryKind.POW, exponent);
    }

    default Tensor pow(double exponent) {
        return exponent == 2 ? self().square() : of(BinaryKind.POW, exponent);
    }

    default Tensor maximum(Tensor other) {
        return of(BinaryKind.MAXIMUM, other);
    }

    default Tensor minimum(Tensor other) {
        return of(BinaryKind.MINIMUM, other);
    }

    default Tensor atan2(Tensor other) {
        Tensor self = self();
        DType type = Promotion.common(self, other).toFloat();
        return Promotion.binary(
                new Op.Binary(BinaryKind.ATAN2), "atan2", self.to(type), other.to(type));
    }

    /// With the sign of the divisor, as Python's `%`.
    default Tensor remainder(Tensor other) {
        return of(BinaryKind.REMAINDER, other);
    }

    default Tensor remainder(double other) {
        return of(BinaryKind.REMAINDER, other);
    }

    /// With the sign of the dividend.
    default Tensor fmod(Tensor other) {
        return of(BinaryKind.FMOD, other);
    }

    default Tensor floorDivide(Tensor other) {
        return of(BinaryKind.FLOOR_DIVIDE, other);
    }

    default Tensor floorDivide(double other) {
        return of(BinaryKind.FLOOR_DIVIDE, other);
    }

    /// Of booleans, or of integers bit by bit.
    default Tensor and(Tensor other) {
        return of(BinaryKind.AND, other);
    }

    default Tensor or(Tensor other) {
        return of(BinaryKind.OR, other);
    }

    default Tensor xor(Tensor other) {
        return of(BinaryKind.XOR, other);
    }

    default Tensor shiftLeft(Tensor other) {
        return of(BinaryKind.SHIFT_LEFT, other);
    }

    default Tensor shiftRight(Tensor other) {
        return of(BinaryKind.SHIFT_RIGHT, other);
    }

    /// `this + weight * (end - this)`.
    default Tensor lerp(Tensor end, double weight) {
        return self().add(end.sub(self()).mul(weight));
    }
}
