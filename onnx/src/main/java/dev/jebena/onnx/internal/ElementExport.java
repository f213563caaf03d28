package dev.jebena.onnx.internal;

import static dev.jebena.onnx.internal.NodeWriter.integer;

import dev.jebena.onnx.OnnxException;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op;
import java.util.List;

/// Operations on elements, and reductions, as nodes.
final class ElementExport {
    private ElementExport() {}

    private static OnnxException unsupported(Object what, DType type) {
        return new OnnxException(
                OnnxException.Code.UNSUPPORTED,
                "ONNX opset 18 has no operator for %s of %s".formatted(what, type));
    }

    static String cast(NodeWriter w, String x, DType to) {
        return w.node("Cast", x, integer("to", Carriers.element(to).id()));
    }

    static String unary(NodeWriter w, Op.Unary op, String x, Op.Spec spec) {
        DType type = spec.dtype();
        return switch (op.kind()) {
            case NEG -> w.node("Neg", x);
            case ABS -> w.node("Abs", x);
            case SIGN -> w.node("Sign", x);
            case SQUARE -> w.node("Mul", x, x);
            case RECIPROCAL -> w.node("Reciprocal", x);
            case SQRT -> w.node("Sqrt", x);
            case RSQRT -> w.node("Reciprocal", w.node("Sqrt", x));
            case EXP -> w.node("Exp", x);
            case EXPM1 -> w.node("Sub", w.node("Exp", x), w.number(1, type));
            case LOG -> w.node("Log", x);
            case LOG1P -> w.node("Log", w.node("Add", x, w.number(1, type)));
            case LOG2 -> w.node("Div", w.node("Log", x), w.number(Math.log(2), type));
            case SIN -> w.node("Sin", x);
            case COS -> w.node("Cos", x);
            case TAN -> w.node("Tan", x);
            case ASIN -> w.node("Asin", x);
            case ACOS -> w.node("Acos", x);
            case ATAN -> w.node("Atan", x);
            case SINH -> w.node("Sinh", x);
            case COSH -> w.node("Cosh", x);
            case TANH -> w.node("Tanh", x);
            case ASINH -> w.node("Asinh", x);
            case ACOSH -> w.node("Acosh", x);
            case ATANH -> w.node("Atanh", x);
            case ERF -> w.node("Erf", x);
            case ERFC -> w.node("Sub", w.number(1, type), w.node("Erf", x));
            case SIGMOID -> w.node("Sigmoid", x);
            case SOFTPLUS -> w.node("Softplus", x);
            case RELU -> w.node("Relu", x);
            case SILU -> w.node("Mul", x, w.node("Sigmoid", x));
            case GELU ->
                    gelu(w, x, w.node("Erf", w.node("Div", x, w.number(Math.sqrt(2), type))), type);
            case GELU_TANH -> {
                String cube = w.node("Mul", x, w.node("Mul", x, x));
                String inner = w.node("Add", x, w.node("Mul", cube, w.number(0.044715, type)));
                String scaled = w.node("Mul", inner, w.number(Math.sqrt(2 / Math.PI), type));
                yield gelu(w, x, w.node("Tanh", scaled), type);
            }
            case FLOOR -> type.isFloat() ? w.node("Floor", x) : x;
            case CEIL -> type.isFloat() ? w.node("Ceil", x) : x;
            case ROUND -> type.isFloat() ? w.node("Round", x) : x;
            case TRUNC ->
                    type.isFloat()
                            ? w.node("Mul", w.node("Sign", x), w.node("Floor", w.node("Abs", x)))
                            : x;
            case NOT -> w.node(type == DType.BOOL ? "Not" : "BitwiseNot", x);
            case IS_NAN -> w.node("IsNaN", x);
            case IS_INF -> w.node("IsInf", x);
            case IS_FINITE -> w.node("Not", w.node("Or", w.node("IsNaN", x), w.node("IsInf", x)));
            case ERFINV, LGAMMA, DIGAMMA, TRIGAMMA -> throw unsupported(op.kind(), type);
        };
    }

    /// `x / 2 (1 + inner)`.
    private static String gelu(NodeWriter w, String x, String inner, DType type) {
        String sum = w.node("Add", inner, w.number(1, type));
        return w.node("Mul", w.node("Mul", x, w.number(0.5, type)), sum);
    }

    static String binary(NodeWriter w, Op.Binary op, String a, String b, DType type) {
        return switch (op.kind()) {
            case ADD -> type == DType.BOOL ? w.node("Or", a, b) : w.node("Add", a, b);
            case SUB -> w.node("Sub", a, b);
            case MUL -> type == DType.BOOL ? w.node("And", a, b) : w.node("Mul", a, b);
            case DIV -> w.node("Div", a, b);
            case POW -> w.node("Pow", a, b);
            case MAXIMUM -> w.node("Max", a, b);
            case MINIMUM -> w.node("Min", a, b);
            case REMAINDER ->
                    type.isFloat()
                            ? w.node(
                                    "Sub",
                                    a,
                                    w.node("Mul", w.node("Floor", w.node("Div", a, b)), b))
                            : w.node("Mod", a, b);
            case FMOD -> w.node("Mod", List.of(a, b), integer("fmod", 1));
            case FLOOR_DIVIDE ->
                    type.isFloat()
                            ? w.node("Floor", w.node("Div", a, b))
                            : w.node("Div", w.node("Sub", a, w.node("Mod", a, b)), b);
            case AND -> w.node(type == DType.BOOL ? "And" : "BitwiseAnd", a, b);
            case OR -> w.node(type == DType.BOOL ? "Or" : "BitwiseOr", a, b);
            case XOR -> w.node(type == DType.BOOL ? "Xor" : "BitwiseXor", a, b);
            case SHIFT_LEFT, SHIFT_RIGHT -> {
                if (type != DType.UINT8) {
                    throw unsupported(op.kind(), type);
                }
                String direction = op.kind() == Op.BinaryKind.SHIFT_LEFT ? "LEFT" : "RIGHT";
                yield w.node("BitShift", List.of(a, b), NodeWriter.text("direction", direction));
            }
            case ATAN2 -> throw unsupported(op.kind(), type);
        };
    }

    static String compare(NodeWriter w, Op.CompareKind kind, String x, String y, DType type) {
        boolean ordered = kind != Op.CompareKind.EQ && kind != Op.CompareKind.NE;
        String a = ordered && type == DType.BOOL ? cast(w, x, DType.INT32) : x;
        String b = ordered && type == DType.BOOL ? cast(w, y, DType.INT32) : y;
        return switch (kind) {
            case EQ -> w.node("Equal", a, b);
            case NE -> w.node("Not", w.node("Equal", a, b));
            case LT -> w.node("Less", a, b);
            case LE -> w.node("LessOrEqual", a, b);
            case GT -> w.node("Greater", a, b);
            case GE -> w.node("GreaterOrEqual", a, b);
        };
    }

    static String clamp(NodeWriter w, Op.Clamp op, String x, DType type) {
        String low = Double.isInfinite(op.low()) ? "" : w.number(op.low(), type);
        String high = Double.isInfinite(op.high()) ? "" : w.number(op.high(), type);
        return w.node("Clip", List.of(x, low, high));
    }

    static String reduce(NodeWriter w, Op.Reduce op, String x, DType from, DType to) {
        String axes = w.list(op.axes().toArray());
        return switch (op.kind()) {
            case SUM, PROD -> {
                String wide = from == to ? x : cast(w, x, to);
                yield w.node(
                        op.kind() == Op.ReduceKind.SUM ? "ReduceSum" : "ReduceProd",
                        List.of(wide, axes),
                        // No axes are none, not all.
                        integer("noop_with_empty_axes", 1));
            }
            case MAX, MIN ->
                    w.node(
                            op.kind() == Op.ReduceKind.MAX ? "ReduceMax" : "ReduceMin",
                            List.of(x, axes),
                            integer("noop_with_empty_axes", 1));
            case ANY, ALL -> {
                String bool = from == DType.BOOL ? x : cast(w, x, DType.BOOL);
                String reduced =
                        w.node(
                                op.kind() == Op.ReduceKind.ANY ? "ReduceMax" : "ReduceMin",
                                List.of(cast(w, bool, DType.INT32), axes),
                                integer("noop_with_empty_axes", 1));
                yield cast(w, reduced, DType.BOOL);
            }
        };
    }
}
