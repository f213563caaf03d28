package dev.jebena.tensor;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Derivatives of functions of one number; a part of [Derivatives].
final class UnaryDerivatives {
    private static final double ROOT_PI = Math.sqrt(Math.PI);

    private UnaryDerivatives() {}

    /// Functions that networks use often, in one pass each.
    private static final Map<Op.UnaryKind, ElementFunction> LOOPS = new ConcurrentHashMap<>();

    private static final ElementFunction GELU =
            ElementFunction.of(3, in -> List.of(in.get(2).mul(gelu(in.get(0), in.get(1)))));

    static @Nullable Tensor vjp(Op.UnaryKind kind, Tensor x, Tensor y, Tensor g) {
        return switch (kind) {
            case SQUARE, RSQRT, TANH, ERF, SIGMOID, RELU, SILU, GELU_TANH ->
                    LOOPS.computeIfAbsent(kind, UnaryDerivatives::loop).apply(x, y, g).getFirst();
            // All at once would be more than the JIT keeps in registers.
            case GELU -> GELU.apply(x, x.mul(Math.sqrt(0.5)).erf(), g).getFirst();
            default -> formula(kind, x, y, g);
        };
    }

    private static ElementFunction loop(Op.UnaryKind kind) {
        return ElementFunction.of(
                3,
                in -> {
                    Tensor slope = formula(kind, in.get(0), in.get(1), in.get(2));
                    return List.<Tensor>of(Objects.requireNonNull(slope));
                });
    }

    private static @Nullable Tensor formula(Op.UnaryKind kind, Tensor x, Tensor y, Tensor g) {
        return switch (kind) {
            case NEG -> g.neg();
            case ABS -> g.mul(x.sign());
            case SQUARE -> g.mul(x).mul(2);
            case RECIPROCAL -> g.mul(y.square()).neg();
            case SQRT -> g.div(y.mul(2));
            case RSQRT -> g.mul(y.mul(y.square())).mul(-0.5);
            case EXP -> g.mul(y);
            case EXPM1 -> g.mul(y.add(1));
            case LOG -> g.div(x);
            case LOG1P -> g.div(x.add(1));
            case LOG2 -> g.div(x.mul(Math.log(2)));
            case SIN -> g.mul(x.cos());
            case COS -> g.mul(x.sin()).neg();
            case TAN -> g.mul(y.square().add(1));
            case ASIN -> g.mul(x.square().subFrom(1).rsqrt());
            case ACOS -> g.mul(x.square().subFrom(1).rsqrt()).neg();
            case ATAN -> g.div(x.square().add(1));
            case SINH -> g.mul(x.cosh());
            case COSH -> g.mul(x.sinh());
            case TANH -> g.mul(y.square().subFrom(1));
            case ASINH -> g.mul(x.square().add(1).rsqrt());
            case ACOSH -> g.mul(x.square().sub(1).rsqrt());
            case ATANH -> g.div(x.square().subFrom(1));
            case ERF -> g.mul(x.square().neg().exp()).mul(2 / ROOT_PI);
            case ERFC -> g.mul(x.square().neg().exp()).mul(-2 / ROOT_PI);
            case ERFINV -> g.mul(y.square().exp()).mul(ROOT_PI / 2);
            case LGAMMA -> g.mul(x.digamma());
            case DIGAMMA -> g.mul(x.trigamma());
            case TRIGAMMA ->
                    throw TensorException.gradient("trigamma: there is no rule for its derivative");
            case SIGMOID -> g.mul(y.mul(y.subFrom(1)));
            case SOFTPLUS -> g.mul(x.sigmoid());
            case RELU -> g.mul(x.gt(0).to(x.dtype()));
            case SILU -> {
                Tensor s = x.sigmoid();
                yield g.mul(s.mul(x.mul(s.subFrom(1)).add(1)));
            }
            case GELU -> g.mul(gelu(x, x.mul(Math.sqrt(0.5)).erf()));
            case GELU_TANH -> g.mul(geluTanh(x));
            case SIGN, FLOOR, CEIL, ROUND, TRUNC, NOT, IS_NAN, IS_INF, IS_FINITE -> null;
        };
    }

    /// The normal distribution function plus x times its density.
    private static Tensor gelu(Tensor x, Tensor erf) {
        Tensor below = erf.add(1).mul(0.5);
        Tensor density = x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
        return below.add(x.mul(density));
    }

    private static Tensor geluTanh(Tensor x) {
        double scale = Math.sqrt(2 / Math.PI);
        Tensor square = x.square();
        Tensor t = x.mul(square.mul(0.044715).add(1)).mul(scale).tanh();
        Tensor slope = square.mul(3 * 0.044715).add(1).mul(scale);
        Tensor rise = t.square().subFrom(1).mul(slope).mul(x);
        return t.add(1).add(rise).mul(0.5);
    }
}
