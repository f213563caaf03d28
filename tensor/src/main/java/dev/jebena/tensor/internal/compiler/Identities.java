package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.UnaryKind;
import dev.jebena.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ops that a value known already replaces, and ops that become smaller, to the same bits (of NaN
/// the sign and payload aside).
///
/// `x * 1`, `x / 1`, `x - 0`, `x + -0`, `x ^ 1`, `-(-x)`, `!!x`, steps, `abs` and `relu` done
/// twice; casts that undo an exact one or follow it; views of views and views that change nothing;
/// and functions of a repeated number, which are computed before it is repeated. Not `x + 0` of
/// floats, which turns -0 to 0, nor `x * 0`, which is NaN for an infinite x.
final class Identities {
    private final Simplifier graph;

    Identities(Simplifier graph) {
        this.graph = graph;
    }

    /// A value equal to the op's result, or -1.
    int find(Op op, List<Integer> in) {
        return switch (op) {
            case Op.Cast c -> cast(c, in.getFirst());
            case Op.Reshape r -> reshape(r, in.getFirst());
            case Op.Permute p -> permute(p, in.getFirst());
            case Op.Expand e -> expand(e, in.getFirst());
            case Op.Slice s -> isWhole(s, shape(in.getFirst())) ? in.getFirst() : -1;
            case Op.Pad p -> isNothing(p) ? in.getFirst() : -1;
            case Op.Flip f -> f.axes().size() == 0 ? in.getFirst() : -1;
            case Op.Concat c -> in.size() == 1 ? in.getFirst() : -1;
            case Op.Unary u -> unary(u, in.getFirst());
            case Op.Binary b -> binary(b, in);
            case Op.Compare c -> repeated(op, in);
            case Op.Clamp c -> repeated(op, in);
            default -> -1;
        };
    }

    private Shape shape(int value) {
        return graph.spec(value).shape();
    }

    private @Nullable Op producer(int value) {
        Graph.Node node = graph.producer(value);
        return node == null ? null : node.op();
    }

    private int operand(int value) {
        Graph.Node node = graph.producer(value);
        if (node == null) {
            throw new IllegalStateException("value " + value + " is not computed");
        }
        return node.inputs().getFirst();
    }

    private int cast(Op.Cast cast, int x) {
        DType from = graph.spec(x).dtype();
        if (from == cast.to()) {
            return x;
        }
        if (producer(x) instanceof Op.Cast) {
            int source = operand(x);
            if (holds(graph.spec(source).dtype(), from)) {
                return graph.add(cast, source);
            }
        }
        return repeated(cast, List.of(x));
    }

    /// Whether the second type has all values of the first.
    private static boolean holds(DType narrow, DType wide) {
        return switch (narrow) {
            case BOOL -> wide != DType.BOOL;
            case UINT8 -> wide.bytes() > 1 && wide != DType.BFLOAT16;
            case INT8 -> wide.bytes() > 1 && wide != DType.BFLOAT16;
            case INT16 -> wide.bytes() > 2;
            case INT32 -> wide.bytes() == 8;
            case FLOAT16, BFLOAT16 -> wide == DType.FLOAT32 || wide == DType.FLOAT64;
            case FLOAT32 -> wide == DType.FLOAT64;
            case INT64, FLOAT64 -> false;
        };
    }

    private int reshape(Op.Reshape reshape, int x) {
        if (shape(x).equals(reshape.to())) {
            return x;
        }
        return producer(x) instanceof Op.Reshape ? graph.add(reshape, operand(x)) : -1;
    }

    private int permute(Op.Permute permute, int x) {
        Ints order = permute.order();
        if (order.equals(Ints.range(0, order.size()))) {
            return x;
        }
        if (producer(x) instanceof Op.Permute(Ints inner)) {
            return graph.add(new Op.Permute(order.map(inner::get)), operand(x));
        }
        return -1;
    }

    private int expand(Op.Expand expand, int x) {
        if (shape(x).equals(expand.to())) {
            return x;
        }
        return producer(x) instanceof Op.Expand ? graph.add(expand, operand(x)) : -1;
    }

    private static boolean isWhole(Op.Slice slice, Shape shape) {
        for (int i = 0; i < shape.rank(); i++) {
            if (slice.begin().get(i) != 0
                    || slice.end().get(i) < shape.dim(i)
                    || slice.step().get(i) != 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNothing(Op.Pad pad) {
        Ints none = Ints.filled(pad.low().size(), 0);
        return pad.low().equals(none) && pad.high().equals(none) && pad.interior().equals(none);
    }

    private int unary(Op.Unary op, int x) {
        if (producer(x) instanceof Op.Unary(UnaryKind inner) && inner == op.kind()) {
            switch (inner) {
                case NEG, NOT -> {
                    return operand(x);
                }
                case ABS, RELU, SIGN, FLOOR, CEIL, ROUND, TRUNC -> {
                    return x;
                }
                default -> {}
            }
        }
        return repeated(op, List.of(x));
    }

    private int binary(Op.Binary op, List<Integer> in) {
        int a = in.get(0);
        int b = in.get(1);
        boolean real = graph.spec(a).dtype().isFloat();
        Double left = graph.number(a);
        Double right = graph.number(b);
        boolean neutral =
                right != null
                        && switch (op.kind()) {
                            case MUL, DIV, POW -> right == 1;
                            case SUB -> isZero(right, false);
                            case ADD -> real ? isZero(right, true) : right == 0;
                            default -> false;
                        };
        if (neutral && graph.spec(a).dtype() != DType.BOOL) {
            return a;
        }
        boolean neutralLeft =
                left != null
                        && switch (op.kind()) {
                            case MUL -> left == 1;
                            case ADD -> real ? isZero(left, true) : left == 0;
                            default -> false;
                        };
        if (neutralLeft && graph.spec(a).dtype() != DType.BOOL) {
            return b;
        }
        return repeated(op, in);
    }

    private static boolean isZero(double number, boolean negative) {
        double zero = negative ? -0.0 : 0.0;
        return Double.doubleToRawLongBits(number) == Double.doubleToRawLongBits(zero);
    }

    /// Computes a function of repeated numbers before they are repeated: operands are [Op.Expand]
    /// of one shape, or constants that are one number.
    private int repeated(Op op, List<Integer> in) {
        Shape small = null;
        for (int value : in) {
            if (producer(value) instanceof Op.Expand) {
                Shape source = shape(operand(value));
                if (small != null && !small.equals(source)) {
                    return -1;
                }
                small = source;
            } else if (graph.number(value) == null) {
                return -1;
            }
        }
        if (small == null) {
            return -1;
        }
        Integer[] sources = new Integer[in.size()];
        for (int i = 0; i < sources.length; i++) {
            int value = in.get(i);
            sources[i] =
                    producer(value) instanceof Op.Expand
                            ? operand(value)
                            : graph.narrow(value, small);
        }
        return graph.add(new Op.Expand(shape(in.getFirst())), graph.add(op, sources));
    }
}
