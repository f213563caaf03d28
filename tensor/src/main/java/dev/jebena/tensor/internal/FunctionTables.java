package dev.jebena.tensor.internal;

import dev.jebena.tensor.Op.BinaryKind;
import dev.jebena.tensor.Op.CompareKind;
import dev.jebena.tensor.Op.UnaryKind;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/// What the elementwise ops compute, for floats in double and for integers in long.
public final class FunctionTables {
    private FunctionTables() {}

    public static DoubleUnaryOperator real(UnaryKind kind) {
        return switch (kind) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Math::signum;
            case SQUARE -> x -> x * x;
            case RECIPROCAL -> x -> 1 / x;
            case SQRT -> Math::sqrt;
            case RSQRT -> x -> 1 / Math.sqrt(x);
            case EXP -> Math::exp;
            case EXPM1 -> Math::expm1;
            case LOG -> Math::log;
            case LOG1P -> Math::log1p;
            case LOG2 -> x -> Math.log(x) / Math.log(2);
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case TAN -> Math::tan;
            case ASIN -> Math::asin;
            case ACOS -> Math::acos;
            case ATAN -> Math::atan;
            case SINH -> Math::sinh;
            case COSH -> Math::cosh;
            case TANH -> Math::tanh;
            case ASINH -> SpecialFunctions::asinh;
            case ACOSH -> SpecialFunctions::acosh;
            case ATANH -> SpecialFunctions::atanh;
            case ERF -> SpecialFunctions::erf;
            case ERFC -> SpecialFunctions::erfc;
            case ERFINV -> SpecialFunctions::erfinv;
            case LGAMMA -> SpecialFunctions::logGamma;
            case DIGAMMA -> SpecialFunctions::digamma;
            case TRIGAMMA -> SpecialFunctions::trigamma;
            case SIGMOID -> SpecialFunctions::sigmoid;
            case SOFTPLUS -> SpecialFunctions::softplus;
            // NaN stays, and so does the sign of 0.
            case RELU -> x -> x < 0 ? 0 : x;
            case SILU -> x -> x * SpecialFunctions.sigmoid(x);
            case GELU -> SpecialFunctions::gelu;
            case GELU_TANH -> SpecialFunctions::geluTanh;
            case FLOOR -> Math::floor;
            case CEIL -> Math::ceil;
            case ROUND -> Math::rint;
            case TRUNC -> x -> x < 0 ? Math.ceil(x) : Math.floor(x);
            case NOT -> x -> x == 0 ? 1 : 0;
            case IS_NAN -> x -> Double.isNaN(x) ? 1 : 0;
            case IS_INF -> x -> Double.isInfinite(x) ? 1 : 0;
            case IS_FINITE -> x -> Double.isFinite(x) ? 1 : 0;
        };
    }

    static LongUnaryOperator integer(UnaryKind kind) {
        return switch (kind) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Long::signum;
            case SQUARE -> x -> x * x;
            case RELU -> x -> Math.max(x, 0);
            case FLOOR, CEIL, ROUND, TRUNC -> x -> x;
            case NOT -> x -> ~x;
            case IS_NAN, IS_INF -> x -> 0;
            case IS_FINITE -> x -> 1;
            default -> throw new IllegalStateException(kind + " is not for integers");
        };
    }

    public static DoubleBinaryOperator real(BinaryKind kind) {
        return switch (kind) {
            case ADD -> Double::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / b;
            case POW -> Math::pow;
            case MAXIMUM -> Math::max;
            case MINIMUM -> Math::min;
            case ATAN2 -> Math::atan2;
            case REMAINDER -> FunctionTables::remainder;
            case FMOD -> (a, b) -> a % b;
            case FLOOR_DIVIDE -> FunctionTables::floorDivide;
            case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT ->
                    throw new IllegalStateException(kind + " is not for floats");
        };
    }

    private static double remainder(double a, double b) {
        double rest = a % b;
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    }

    private static double floorDivide(double a, double b) {
        if (b == 0) {
            return a / b;
        }
        double quotient = (a - remainder(a, b)) / b;
        // The quotient of rounded numbers may be a little off the integer.
        return Math.rint(quotient);
    }

    static LongBinaryOperator integer(BinaryKind kind) {
        return switch (kind) {
            case ADD -> Long::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case POW -> FunctionTables::power;
            case MAXIMUM -> Math::max;
            case MINIMUM -> Math::min;
            case REMAINDER -> (a, b) -> Math.floorMod(a, divisor(b));
            case FMOD -> (a, b) -> a % divisor(b);
            case FLOOR_DIVIDE -> (a, b) -> Math.floorDiv(a, divisor(b));
            case AND -> (a, b) -> a & b;
            case OR -> (a, b) -> a | b;
            case XOR -> (a, b) -> a ^ b;
            case SHIFT_LEFT -> (a, b) -> b < 64 ? a << b : 0;
            case SHIFT_RIGHT -> (a, b) -> a >> Math.min(b, 63);
            case DIV, ATAN2 -> throw new IllegalStateException(kind + " is not for integers");
        };
    }

    private static long divisor(long b) {
        if (b == 0) {
            throw dev.jebena.tensor.TensorException.value("division of an integer by 0");
        }
        return b;
    }

    private static long power(long base, long exponent) {
        if (exponent < 0) {
            throw dev.jebena.tensor.TensorException.value(
                    "pow: an integer to the power %d; cast it to a float type", exponent);
        }
        long result = 1;
        long square = base;
        for (long e = exponent; e > 0; e >>= 1) {
            result = (e & 1) == 1 ? result * square : result;
            square *= square;
        }
        return result;
    }

    /// A test of two doubles.
    interface RealTest {
        boolean test(double a, double b);
    }

    /// A test of two longs.
    interface IntegerTest {
        boolean test(long a, long b);
    }

    static RealTest real(CompareKind kind) {
        return switch (kind) {
            case EQ -> (a, b) -> a == b;
            case NE -> (a, b) -> a != b;
            case LT -> (a, b) -> a < b;
            case LE -> (a, b) -> a <= b;
            case GT -> (a, b) -> a > b;
            case GE -> (a, b) -> a >= b;
        };
    }

    static IntegerTest integer(CompareKind kind) {
        return switch (kind) {
            case EQ -> (a, b) -> a == b;
            case NE -> (a, b) -> a != b;
            case LT -> (a, b) -> a < b;
            case LE -> (a, b) -> a <= b;
            case GT -> (a, b) -> a > b;
            case GE -> (a, b) -> a >= b;
        };
    }
}
