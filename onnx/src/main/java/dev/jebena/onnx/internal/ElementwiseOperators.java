package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// Arithmetic, comparisons and logic, element by element.
final class ElementwiseOperators {
    private ElementwiseOperators() {}

    static void addTo(Operators all) {
        unary(all);
        binary(all, "Add", Tensor::add);
        binary(all, "Sub", Tensor::sub);
        binary(all, "Mul", Tensor::mul);
        all.like("Div", ElementwiseOperators::divide);
        all.like("Pow", ElementwiseOperators::power);
        all.like("Mod", ElementwiseOperators::modulo);
        all.like("Max", call -> fold(call, (a, b) -> extreme(call, a, b, true)));
        all.like("Min", call -> fold(call, (a, b) -> extreme(call, a, b, false)));
        all.like("Sum", call -> fold(call, Tensor::add));
        all.like("Mean", call -> fold(call, Tensor::add).div((double) call.inputs().size()));
        binary(all, "BitwiseAnd", Tensor::and);
        binary(all, "BitwiseOr", Tensor::or);
        binary(all, "BitwiseXor", Tensor::xor);
        binary(all, "And", Tensor::and);
        binary(all, "Or", Tensor::or);
        binary(all, "Xor", Tensor::xor);
        all.like("BitShift", ElementwiseOperators::shift);
        all.bool("Equal", ElementwiseOperators::equal);
        compare(all, "Less", Tensor::lt);
        compare(all, "LessOrEqual", Tensor::le);
        compare(all, "Greater", Tensor::gt);
        compare(all, "GreaterOrEqual", Tensor::ge);
        all.one("Where", ElementwiseOperators::where);
        all.like("Clip", ElementwiseOperators::clip);
    }

    private static void unary(Operators all) {
        map(all, "Neg", Tensor::neg);
        map(all, "Abs", Tensor::abs);
        map(all, "Sign", Tensor::sign);
        map(all, "Reciprocal", Tensor::reciprocal);
        map(all, "Floor", Tensor::floor);
        map(all, "Ceil", Tensor::ceil);
        map(all, "Round", Tensor::round);
        map(all, "Sqrt", Tensor::sqrt);
        map(all, "Exp", Tensor::exp);
        map(all, "Log", Tensor::log);
        map(all, "Sin", Tensor::sin);
        map(all, "Cos", Tensor::cos);
        map(all, "Tan", Tensor::tan);
        map(all, "Asin", Tensor::asin);
        map(all, "Acos", Tensor::acos);
        map(all, "Atan", Tensor::atan);
        map(all, "Sinh", Tensor::sinh);
        map(all, "Cosh", Tensor::cosh);
        map(all, "Tanh", Tensor::tanh);
        map(all, "Asinh", Tensor::asinh);
        map(all, "Acosh", Tensor::acosh);
        map(all, "Atanh", Tensor::atanh);
        map(all, "Erf", Tensor::erf);
        map(all, "Not", Tensor::not);
        map(all, "BitwiseNot", Tensor::not);
        all.bool("IsNaN", call -> call.tensor(0).isNan());
        all.bool("IsInf", ElementwiseOperators::isInfinite);
    }

    private static void map(Operators all, String name, UnaryOperator<Tensor> function) {
        all.like(name, call -> function.apply(call.tensor(0)));
    }

    private static void binary(
            Operators all, String name, BiFunction<Tensor, Tensor, Tensor> function) {
        all.like(name, call -> function.apply(left(call), right(call)));
    }

    private static void compare(
            Operators all, String name, BiFunction<Tensor, Tensor, Tensor> function) {
        all.bool(
                name,
                call -> function.apply(ordered(call, left(call)), ordered(call, right(call))));
    }

    private static Tensor left(Call call) {
        return call.tensor(0);
    }

    /// The second operand, which must have the type of the first.
    private static Tensor right(Call call) {
        if (call.element(0) != call.element(1)) {
            throw call.problem(
                    "inputs are %s and %s, equal types are needed",
                    Describe.of(call.datum(0)), Describe.of(call.datum(1)));
        }
        return call.tensor(1);
    }

    /// Bits of uint64 as signed numbers in the same order.
    private static Tensor ordered(Call call, Tensor x) {
        return call.element(0) == OnnxElement.UINT64
                ? x.xor(Tensor.scalar(Long.MIN_VALUE, DType.INT64))
                : x;
    }

    private static Tensor fold(Call call, BiFunction<Tensor, Tensor, Tensor> function) {
        Tensor result = call.tensor(0);
        for (int i = 1; i < call.inputs().size(); i++) {
            result = function.apply(result, call.tensor(i));
        }
        return result;
    }

    private static Tensor extreme(Call call, Tensor a, Tensor b, boolean largest) {
        Tensor x = ordered(call, a);
        Tensor y = ordered(call, b);
        return ordered(call, largest ? x.maximum(y) : x.minimum(y));
    }

    /// Integers are cut towards 0.
    private static Tensor divide(Call call) {
        Tensor a = left(call);
        Tensor b = right(call);
        if (a.dtype().isFloat()) {
            return a.div(b);
        }
        boolean unsigned = call.element(0) == OnnxElement.UINT64;
        return Loops.zipLongs(
                a,
                b,
                a.dtype(),
                (x, y) -> {
                    if (y == 0) {
                        throw call.problem("%d is divided by 0", x);
                    }
                    return unsigned ? Long.divideUnsigned(x, y) : x / y;
                });
    }

    /// Has the type of the base, whatever that of the exponent.
    private static Tensor power(Call call) {
        Tensor base = call.tensor(0);
        Tensor exponent = call.tensor(1);
        boolean square =
                base.dtype().isFloat()
                        && exponent.rank() <= base.rank()
                        && exponent.size() == 1
                        && exponent.isConcrete()
                        && exponent.toDoubles()[0] == 2;
        if (square) {
            return base.square();
        }
        if (base.dtype() == exponent.dtype() && base.dtype().isFloat()) {
            return base.pow(exponent);
        }
        if (base.dtype().isFloat()) {
            return base.pow(exponent.to(base.dtype()));
        }
        return exponent.dtype().isFloat()
                ? Loops.zip(base, exponent, base.dtype(), Math::pow)
                : Loops.zipLongs(base, exponent, base.dtype(), ElementwiseOperators::power);
    }

    private static long power(long base, long exponent) {
        if (exponent < 0) {
            return (long) Math.pow((double) base, (double) exponent);
        }
        long result = 1;
        long factor = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            result *= (rest & 1) == 1 ? factor : 1;
            factor *= factor;
        }
        return result;
    }

    private static Tensor modulo(Call call) {
        Tensor a = left(call);
        Tensor b = right(call);
        boolean c = call.flag("fmod");
        if (a.dtype().isFloat()) {
            return c ? a.fmod(b) : a.remainder(b);
        }
        boolean unsigned = call.element(0) == OnnxElement.UINT64;
        return Loops.zipLongs(
                a,
                b,
                a.dtype(),
                (x, y) -> {
                    if (y == 0) {
                        throw call.problem("%d is divided by 0", x);
                    }
                    if (unsigned) {
                        return Long.remainderUnsigned(x, y);
                    }
                    return c ? x % y : Math.floorMod(x, y);
                });
    }

    private static Tensor shift(Call call) {
        boolean left = call.text("direction", "").equals("LEFT");
        int bits = Carriers.integerBits(call.element(0));
        return Loops.zipLongs(
                call.tensor(0),
                right(call),
                call.tensor(0).dtype(),
                (x, by) -> {
                    // Unsigned numbers: what is shifted out on all bits is 0.
                    if (by < 0 || by >= bits) {
                        return 0;
                    }
                    return left ? x << by : x >>> by;
                });
    }

    private static Tensor equal(Call call) {
        if (call.datum(0) instanceof Datum.Texts) {
            return TextOperators.equal(call);
        }
        return left(call).eq(right(call));
    }

    private static Datum where(Call call) {
        if (call.datum(1) instanceof Datum.Texts) {
            return TextOperators.where(call);
        }
        return call.like(1, call.tensor(0).where(call.tensor(1), call.tensor(2)));
    }

    private static Tensor isInfinite(Call call) {
        Tensor x = call.tensor(0);
        Tensor infinite = x.isInf();
        if (call.integer("detect_positive", 1) == 0) {
            infinite = infinite.and(x.lt(0.0));
        }
        if (call.integer("detect_negative", 1) == 0) {
            infinite = infinite.and(x.gt(0.0));
        }
        return infinite;
    }

    private static Tensor clip(Call call) {
        Tensor x = call.tensor(0);
        if (call.opset() < 11) {
            return x.clamp(
                    call.real("min", Double.NEGATIVE_INFINITY),
                    call.real("max", Double.POSITIVE_INFINITY));
        }
        if (call.has(1)) {
            x = extreme(call, x, call.tensor(1), true);
        }
        return call.has(2) ? extreme(call, x, call.tensor(2), false) : x;
    }
}
