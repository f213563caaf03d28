package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.LoopCode;
import dev.jebena.compute.LoopCode.Input;
import dev.jebena.compute.NumberLoop;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.TensorException;
import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.LoopRun;
import dev.jebena.tensor.internal.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A graph of single float32 numbers as one loop over tensors of any shape.
public final class ElementLoop {
    private final Graph graph;
    private final Map<Integer, Double> constants = new HashMap<>();
    private final Map<List<Input>, NumberLoop> loops = new ConcurrentHashMap<>();

    private ElementLoop(Graph graph) {
        this.graph = graph;
    }

    /// @param traced on scalars
    public static ElementLoop of(Graph traced, Kernels kernels) {
        Graph graph = Simplifier.simplify(traced, kernels);
        for (Graph.Node node : graph.nodes()) {
            if (!isOfElements(node.op())) {
                throw TensorException.value(
                        "a function of elements has the op %s, which is none of single numbers",
                        node.op());
            }
        }
        ElementLoop loop = new ElementLoop(graph);
        graph.constants().forEach((id, tensor) -> loop.constants.put(id, number(tensor, kernels)));
        return loop;
    }

    private static double number(Tensor tensor, Kernels kernels) {
        View view = kernels.elements(tensor);
        return Elements.real(view.dtype(), view.memory(), view.offset());
    }

    private static boolean isOfElements(Op op) {
        return switch (op) {
            case Op.Unary _, Op.Binary _, Op.Compare _, Op.Where _, Op.Clamp _ -> true;
            case Op.Cast c -> c.to() == DType.FLOAT32 || c.to() == DType.BOOL;
            default -> false;
        };
    }

    /// Types of the results.
    public List<DType> results() {
        return graph.outputs().stream().map(id -> graph.specs().get(id).dtype()).toList();
    }

    /// @param in float32, of the results' size or one number
    public void run(View[] in, View[] out) {
        Input[] kinds = Stream.of(in).map(LoopRun::kind).toArray(Input[]::new);
        NumberLoop loop = loops.computeIfAbsent(List.of(kinds), this::compile);
        LoopRun.run(loop, kinds, in, out);
    }

    private NumberLoop compile(List<Input> kinds) {
        List<Integer> inputs = IntStream.range(0, graph.inputs()).boxed().toList();
        return new NestCode(graph.specs(), LoopCode.Type.FLOAT, inputs, kinds, constants)
                .build(graph.nodes(), graph.outputs())
                .compile();
    }
}
