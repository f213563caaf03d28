package dev.jebena.tensor;

import dev.jebena.tensor.Op.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a function computes for tensors of certain shapes: ops on numbered values, in an order in
/// which they can be done.
///
/// @param inputs values 0, 1, ... are the function's arguments
/// @param constants tensors that the function took from outside, by the value that stands for them
/// @param nodes the ops
/// @param outputs values that the function returned
/// @param specs shape and type of every value
public record Graph(
        int inputs,
        Map<Integer, Tensor> constants,
        List<Node> nodes,
        List<Integer> outputs,
        List<Spec> specs) {
    /// An op on values; its results are the values `first`, `first + 1`, ...
    public record Node(Op op, List<Integer> inputs, int first, int count) {
        public Node {
            inputs = List.copyOf(inputs);
        }
    }

    public Graph {
        constants = Map.copyOf(constants);
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
        specs = List.copyOf(specs);
    }

    /// A function of any number of tensors.
    @FunctionalInterface
    public interface Traceable {
        List<Tensor> apply(List<Tensor> inputs);
    }

    /// Runs a function on tensors that have shapes but no elements, and notes what it does. Choices
    /// that depend on elements are an error with code `ABSTRACT`; those on shapes are made once.
    public static Graph trace(Traceable function, List<Spec> inputs) {
        TraceLevel level = new TraceLevel();
        List<Tensor> arguments = new ArrayList<>();
        for (Spec spec : inputs) {
            arguments.add(level.value(spec));
        }
        return level.graph(inputs.size(), function.apply(List.copyOf(arguments)));
    }

    /// Does the ops on tensors. Within a transformation they are transformed.
    public List<Tensor> run(List<Tensor> arguments) {
        if (arguments.size() != inputs) {
            throw TensorException.value(
                    "graph: %d arguments are given, %d are needed", arguments.size(), inputs);
        }
        Tensor[] values = new Tensor[specs.size()];
        for (int i = 0; i < inputs; i++) {
            if (!arguments.get(i).spec().equals(specs.get(i))) {
                throw TensorException.shape(
                        "graph: argument %d is %s; it was traced for %s",
                        i, arguments.get(i).spec(), specs.get(i));
            }
            values[i] = arguments.get(i);
        }
        constants.forEach((id, tensor) -> values[id] = tensor);
        for (Node node : nodes) {
            Tensor[] in = new Tensor[node.inputs().size()];
            for (int i = 0; i < in.length; i++) {
                in[i] = values[node.inputs().get(i)];
            }
            Tensor[] out = Dispatch.run(node.op(), in);
            System.arraycopy(out, 0, values, node.first(), out.length);
        }
        return outputs.stream().map(id -> values[id]).toList();
    }

    /// One line an op, for people.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < inputs; i++) {
            text.append("%%%d = input %s%n".formatted(i, specs.get(i)));
        }
        constants.keySet().stream()
                .sorted()
                .forEach(id -> text.append("%%%d = constant %s%n".formatted(id, specs.get(id))));
        for (Node node : nodes) {
            text.append("%%%d = %s".formatted(node.first(), node.op()));
            node.inputs().forEach(id -> text.append(" %").append(id));
            text.append(" : ").append(specs.get(node.first())).append(System.lineSeparator());
        }
        text.append("return");
        outputs.forEach(id -> text.append(" %").append(id));
        return text.toString();
    }
}
