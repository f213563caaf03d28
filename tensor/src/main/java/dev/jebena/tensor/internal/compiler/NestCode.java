package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.FloatArrays;
import dev.jebena.compute.LoopCode;
import dev.jebena.compute.LoopCode.Input;
import dev.jebena.compute.LoopCode.Operation;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.internal.FloatPath;
import dev.jebena.tensor.internal.FunctionTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Nodes of one loop as steps of [LoopCode], with the bits that eager execution gives.
final class NestCode {
    private final List<Spec> specs;
    private final LoopCode.Type type;
    private final LoopCode.Builder code;
    private final Map<Integer, Double> constants;
    private final Map<Integer, Integer> values = new HashMap<>();

    /// @param inputs what the graph calls the loop's inputs
    /// @param constants numbers that are known
    NestCode(
            List<Spec> specs,
            LoopCode.Type type,
            List<Integer> inputs,
            List<Input> kinds,
            Map<Integer, Double> constants) {
        this.specs = specs;
        this.constants = constants;
        this.type = type;
        code = new LoopCode.Builder(type, kinds);
        for (int i = 0; i < inputs.size(); i++) {
            values.put(inputs.get(i), i);
        }
    }

    LoopCode build(List<Graph.Node> nodes, List<Integer> outputs) {
        nodes.forEach(node -> values.put(node.first(), step(node)));
        outputs.forEach(output -> code.output(value(output)));
        return code.build();
    }

    private int value(int id) {
        Integer value = values.get(id);
        if (value != null) {
            return value;
        }
        Double number = constants.get(id);
        if (number == null) {
            throw new IllegalStateException("value " + id + " is not part of the loop");
        }
        return code.constant(number);
    }

    /// Whether vectors cannot do it: a function that is called for each number.
    static boolean isCall(Graph.Node node, LoopCode.Type type) {
        boolean wide = type == LoopCode.Type.DOUBLE;
        return switch (node.op()) {
            case Op.Unary u ->
                    switch (u.kind()) {
                        case NEG, ABS, SQUARE, RECIPROCAL, SQRT, RELU, NOT -> false;
                        case IS_NAN, IS_INF, IS_FINITE -> false;
                        default -> wide || FloatPath.function(u.kind()) == null;
                    };
            case Op.Binary b ->
                    switch (b.kind()) {
                        case ADD, SUB, MUL, DIV, MAXIMUM, MINIMUM, AND, OR, XOR -> false;
                        default -> true;
                    };
            default -> false;
        };
    }

    /// About how many steps a node takes.
    static int steps(Graph.Node node) {
        return switch (node.op()) {
            case Op.Unary u ->
                    switch (u.kind()) {
                        case EXP, SIGMOID, SILU -> 24;
                        case GELU, GELU_TANH, LOG -> 32;
                        case TANH -> 40;
                        case ERF -> 56;
                        default -> 1;
                    };
            case Op.Clamp c -> 2;
            default -> 1;
        };
    }

    private int step(Graph.Node node) {
        int a = value(node.inputs().get(0));
        return switch (node.op()) {
            case Op.Unary u -> unary(u.kind(), a);
            case Op.Binary b -> binary(b.kind(), a, value(node.inputs().get(1)));
            case Op.Compare c ->
                    code.step(Operation.valueOf(c.kind().name()), a, value(node.inputs().get(1)));
            case Op.Where w ->
                    code.step(
                            Operation.CHOOSE,
                            a,
                            value(node.inputs().get(1)),
                            value(node.inputs().get(2)));
            case Op.Clamp c ->
                    code.step(
                            Operation.MIN,
                            code.step(Operation.MAX, a, code.constant(c.low())),
                            code.constant(c.high()));
            case Op.Cast c -> cast(c, node, a);
            default -> throw new IllegalStateException(node.op() + " is no step of a loop");
        };
    }

    private int cast(Op.Cast cast, Graph.Node node, int a) {
        if (cast.to() == DType.BOOL) {
            return code.step(Operation.NE, a, code.constant(0));
        }
        // Other types were converted when they were read.
        return specs.get(node.inputs().getFirst()).dtype() == DType.BOOL
                ? code.step(Operation.CHOOSE, a, code.constant(1), code.constant(0))
                : a;
    }

    private int unary(Op.UnaryKind kind, int x) {
        FloatArrays.Function function = FloatPath.function(kind);
        if (type == LoopCode.Type.FLOAT && function != null) {
            return code.function(function, x);
        }
        return switch (kind) {
            case NEG -> code.step(Operation.NEG, x);
            case ABS -> code.step(Operation.ABS, x);
            case SQUARE -> code.step(Operation.MUL, x, x);
            case RECIPROCAL -> code.step(Operation.DIV, code.constant(1), x);
            case SQRT -> code.step(Operation.SQRT, x);
            case RELU ->
                    code.step(
                            Operation.CHOOSE,
                            code.step(Operation.LT, x, code.constant(0)),
                            code.constant(0),
                            x);
            case NOT -> code.step(Operation.NOT, x);
            case IS_NAN -> code.step(Operation.NE, x, x);
            case IS_INF -> code.step(Operation.EQ, code.step(Operation.ABS, x), infinity());
            case IS_FINITE -> code.step(Operation.LT, code.step(Operation.ABS, x), infinity());
            default -> code.call(FunctionTables.real(kind), x);
        };
    }

    private int infinity() {
        return code.constant(Double.POSITIVE_INFINITY);
    }

    private int binary(Op.BinaryKind kind, int a, int b) {
        return switch (kind) {
            case ADD -> code.step(Operation.ADD, a, b);
            case SUB -> code.step(Operation.SUB, a, b);
            case MUL -> code.step(Operation.MUL, a, b);
            case DIV -> code.step(Operation.DIV, a, b);
            case MAXIMUM -> code.step(Operation.MAX, a, b);
            case MINIMUM -> code.step(Operation.MIN, a, b);
            case AND -> code.step(Operation.AND, a, b);
            case OR -> code.step(Operation.OR, a, b);
            case XOR -> code.step(Operation.XOR, a, b);
            default -> code.call(FunctionTables.real(kind), a, b);
        };
    }
}
