package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A [Program] as text: one paragraph for each nest, one line for each call.
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
final class Explanation {
    private final Program program;
    private final Graph graph;
    private final StringBuilder text = new StringBuilder();
    private long moved;
    private long movedByOps;
    private long flops;

    /// Arguments of the function; the graph may have further inputs.
    private final int arguments;

    Explanation(Program program, int arguments) {
        this.program = program;
        this.arguments = arguments;
        graph = program.graph();
    }

    String text() {
        for (int i = 0; i < graph.inputs(); i++) {
            if (i < arguments) {
                line("%%%d = input %s", i, graph.specs().get(i));
            } else if (isUsed(i)) {
                line("%%%d = states of random generators %s", i, graph.specs().get(i));
            }
        }
        graph.constants().keySet().stream()
                .sorted()
                .forEach(id -> line("%%%d = constant %s", id, graph.specs().get(id)));
        for (Group group : program.groups()) {
            Nest nest = program.nest(group);
            if (nest == null) {
                call(group.nodes.getFirst());
            } else {
                nest(nest);
            }
        }
        List<String> outputs = graph.outputs().stream().map(id -> "%" + id).toList();
        line("return %s", String.join(" ", outputs));
        Memory memory = program.memory();
        line("memory: %,d bytes for results of %,d", memory.bytes(), memory.together());
        line("moved: %,d bytes; op by op %,d; %,d operations", moved, movedByOps, flops);
        return text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private boolean isUsed(int value) {
        return graph.nodes().stream().anyMatch(node -> node.inputs().contains(value));
    }

    /// Bytes that are read for a value; of a repeated one those that exist.
    private long bytes(int value) {
        return Math.min(size(value), size(program.memory().owner(value)));
    }

    private long size(int value) {
        Spec spec = graph.specs().get(value);
        return spec.shape().size() * spec.dtype().bytes();
    }

    private void nest(Nest nest) {
        if (nest.length > 1) {
            line("nest of %,d rows of %,d", nest.group.rows(), nest.length);
        } else {
            line("nest of %,d", nest.group.size);
        }
        for (Graph.Node node : nest.group.nodes) {
            if (nest.sources[nest.place(node.first())] != nest.place(node.first())) {
                line("  once  %%%d = %s", node.first(), expression(node));
            }
        }
        for (Part part : nest.parts) {
            String before = "  " + kind(part);
            for (Graph.Node node : part.nodes) {
                boolean kept = nest.targets.get(nest.place(node.first()));
                line(
                        "%s  %%%d = %s%s",
                        before, node.first(), expression(node), kept ? place(node.first()) : "");
                before = "      ";
                movedByOps += traffic(node);
                flops += operations(node);
            }
        }
        for (int value = 0; value < nest.outside; value++) {
            moved += nest.repeated.get(value) ? 0 : bytes(nest.ids.get(value));
        }
        moved += nest.targets.stream().mapToLong(value -> bytes(nest.ids.get(value))).sum();
    }

    private static String kind(Part part) {
        if (part.loop) {
            return part.call ? "call" : "loop";
        }
        return switch (part.nodes.getFirst().op()) {
            case Op.Random r -> "draw";
            case Op.Cast c -> "cast";
            default -> "row ";
        };
    }

    private long traffic(Graph.Node node) {
        long sum = node.inputs().stream().mapToLong(this::bytes).sum();
        for (int i = 0; i < node.count(); i++) {
            sum += bytes(node.first() + i);
        }
        return sum;
    }

    private void call(Graph.Node node) {
        if (Memory.isView(node.op())) {
            line("view  %%%d = %s", node.first(), expression(node));
            return;
        }
        line("call  %%%d = %s%s", node.first(), expression(node), place(node.first()));
        moved += traffic(node);
        movedByOps += traffic(node);
        flops += operations(node);
    }

    /// Where a result lies.
    private String place(int value) {
        Spec spec = graph.specs().get(value);
        Memory memory = program.memory();
        if (!memory.contains(value)) {
            return " : %s, result".formatted(spec);
        }
        return memory.replaced(value) < 0
                ? " : %s at %d".formatted(spec, memory.at(value))
                : " : %s in place of %%%d".formatted(spec, memory.replaced(value));
    }

    private String expression(Graph.Node node) {
        List<String> operands = new ArrayList<>();
        node.inputs().forEach(id -> operands.add(operand(id)));
        return name(node.op()) + "(" + String.join(", ", operands) + ")";
    }

    private String operand(int id) {
        Double number = program.constant(id);
        return number == null ? "%" + id : number.toString();
    }

    private static String name(Op op) {
        String name =
                switch (op) {
                    case Op.Unary u -> u.kind().name();
                    case Op.Binary b -> b.kind().name();
                    case Op.Compare c -> c.kind().name();
                    case Op.Reduce r -> r.kind() + "[axes " + r.axes() + "]";
                    case Op.Cast c -> "to " + c.to();
                    default -> op.toString().replace("[]", "");
                };
        return name.toLowerCase(Locale.ROOT);
    }

    /// Additions, multiplications and the like; a function counts as one.
    private long operations(Graph.Node node) {
        Shape out = graph.specs().get(node.first()).shape();
        if (node.inputs().isEmpty()) {
            return 0;
        }
        Shape in = graph.specs().get(node.inputs().getFirst()).shape();
        return switch (node.op()) {
            case Op.MatMul m -> 2 * out.size() * in.dim(-1);
            case Op.Conv c -> {
                Shape weight = graph.specs().get(node.inputs().get(1)).shape();
                yield 2 * out.size() * weight.size() / Math.max(1, weight.dim(0));
            }
            case Op.ConvInput c -> {
                Shape weight = graph.specs().get(node.inputs().get(1)).shape();
                yield 2 * in.size() * weight.size() / Math.max(1, weight.dim(0));
            }
            case Op.ConvWeight c -> {
                Shape y = graph.specs().get(node.inputs().get(1)).shape();
                yield 2 * y.size() * c.weight().size() / Math.max(1, c.weight().dim(0));
            }
            case Op.Attention a -> {
                Shape keys = graph.specs().get(node.inputs().get(1)).shape();
                yield 2 * (in.size() + out.size()) * keys.dim(-2);
            }
            case Op.Softmax s -> 4 * out.size();
            case Op.LogSoftmax s -> 4 * out.size();
            case Op.Standardize s -> 5 * out.size();
            case Op.Reduce r -> in.size();
            case Op.Cast c -> 0;
            case Op.Expand e -> 0;
            default -> out.size();
        };
    }
}
