package dev.jebena.tensor;

import dev.jebena.tensor.Op.UnaryKind;

/// Functions of each element. Integers become float32 where the result is not an integer.
public sealed interface Functions permits Tensor {
    Tensor self();

    private Tensor of(UnaryKind kind) {
        return Dispatch.one(new Op.Unary(kind), self());
    }

    private Tensor real(UnaryKind kind) {
        return Dispatch.one(new Op.Unary(kind), self().to(self().dtype().toFloat()));
    }

    default Tensor neg() {
        return of(UnaryKind.NEG);
    }

    default Tensor abs() {
        return of(UnaryKind.ABS);
    }

    default Tensor sign() {
        return of(UnaryKind.SIGN);
    }

    default Tensor square() {
        return of(UnaryKind.SQUARE);
    }

    default Tensor floor() {
        return of(UnaryKind.FLOOR);
    }

    default Tensor ceil() {
        return of(UnaryKind.CEIL);
    }

    default Tensor trunc() {
        return of(UnaryKind.TRUNC);
    }

    /// To the nearest integer, ties to even.
    default Tensor round() {
        return of(UnaryKind.ROUND);
    }

    default Tensor reciprocal() {
        return real(UnaryKind.RECIPROCAL);
    }

    default Tensor sqrt() {
        return real(UnaryKind.SQRT);
    }

    /// `1 / sqrt(x)`.
    default Tensor rsqrt() {
        return real(UnaryKind.RSQRT);
    }

    default Tensor exp() {
        return real(UnaryKind.EXP);
    }

    default Tensor expm1() {
        return real(UnaryKind.EXPM1);
    }

    default Tensor log() {
        return real(UnaryKind.LOG);
    }

    default Tensor log1p() {
        return real(UnaryKind.LOG1P);
    }

    default Tensor log2() {
        return real(UnaryKind.LOG2);
    }

    default Tensor sin() {
        return real(UnaryKind.SIN);
    }

    default Tensor cos() {
        return real(UnaryKind.COS);
    }

    default Tensor tan() {
        return real(UnaryKind.TAN);
    }

    default Tensor asin() {
        return real(UnaryKind.ASIN);
    }

    default Tensor acos() {
        return real(UnaryKind.ACOS);
    }

    default Tensor atan() {
        return real(UnaryKind.ATAN);
    }

    default Tensor sinh() {
        return real(UnaryKind.SINH);
    }

    default Tensor cosh() {
        return real(UnaryKind.COSH);
    }

    default Tensor tanh() {
        return real(UnaryKind.TANH);
    }

    default Tensor asinh() {
        return real(UnaryKind.ASINH);
    }

    default Tensor acosh() {
        return real(UnaryKind.ACOSH);
    }

    default Tensor atanh() {
        return real(UnaryKind.ATANH);
    }

    default Tensor erf() {
        return real(UnaryKind.ERF);
    }

    default Tensor erfc() {
        return real(UnaryKind.ERFC);
    }

    /// The inverse of [#erf()].
    default Tensor erfinv() {
        return real(UnaryKind.ERFINV);
    }

    /// The logarithm of the absolute value of the gamma function.
    default Tensor lgamma() {
        return real(UnaryKind.LGAMMA);
    }

    default Tensor digamma() {
        return real(UnaryKind.DIGAMMA);
    }

    /// The derivative of [#digamma()].
    default Tensor trigamma() {
        return real(UnaryKind.TRIGAMMA);
    }

    default Tensor sigmoid() {
        return real(UnaryKind.SIGMOID);
    }

    /// Of booleans the opposite, of integers every bit.
    default Tensor not() {
        return of(UnaryKind.NOT);
    }

    default Tensor isNan() {
        return of(UnaryKind.IS_NAN);
    }

    default Tensor isInf() {
        return of(UnaryKind.IS_INF);
    }

    default Tensor isFinite() {
        return of(UnaryKind.IS_FINITE);
    }

    /// The nearest number within `low` and `high`.
    default Tensor clamp(double low, double high) {
        return Dispatch.one(new Op.Clamp(low, high), self());
    }

    /// At least `low`.
    default Tensor clampMin(double low) {
        return clamp(low, Double.POSITIVE_INFINITY);
    }

    /// At most `high`.
    default Tensor clampMax(double high) {
        return clamp(Double.NEGATIVE_INFINITY, high);
    }
}
