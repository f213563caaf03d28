package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A graph of TensorFlow (`GraphDef`): of a [SavedModel], or a frozen one, which has its variables
/// as constants.
///
/// @param version of the graph's format (its producer)
public record TensorFlowGraph(List<Node> nodes, List<Function> functions, long version) {
    /// A call of an operator.
    ///
    /// @param inputs `name` or `name:1` for a node's outputs, `^name` for a node that must have
    ///   run; in functions `name`, or `name:output:1`
    public record Node(
            String name,
            String operator,
            List<String> inputs,
            String device,
            Map<String, TensorFlowAttribute> attributes) {
        public Optional<TensorFlowAttribute> attribute(String name) {
            return Optional.ofNullable(attributes.get(name));
        }
    }

    /// An input or output of a function.
    ///
    /// @param type [TensorFlowType#DT_INVALID] where an attribute tells it
    /// @param typeAttribute the name of that attribute; empty else
    public record Argument(String name, TensorFlowType type, String typeAttribute) {}

    /// An operator that the graph itself defines.
    ///
    /// @param returns for each output: what makes it
    public record Function(
            String name,
            List<Argument> inputs,
            List<Argument> outputs,
            List<Node> nodes,
            Map<String, String> returns) {}

    /// Reads a frozen graph (`.pb`). Its constants are views of the mapped file where they can be,
    /// which is unmapped when nothing refers to them any more. Throws [FormatException] when it is
    /// damaged or of another kind.
    public static TensorFlowGraph load(Path path) {
        MappedFile file = MappedFile.open(path, Arena.ofAuto());
        TensorFlowGraph graph =
                TensorFlowReader.of(file)
                        .graph(ProtobufReader.of(file.bytes(), "GraphDef", file::problem));
        if (graph.nodes.isEmpty()) {
            throw file.problem("there are no nodes in it; this is no graph of TensorFlow");
        }
        return graph;
    }

    /// The constants of the graph itself, by their nodes' names.
    public Map<String, PlainTensor> constants() {
        Map<String, PlainTensor> constants = new LinkedHashMap<>();
        for (Node node : nodes) {
            if (node.operator.equals("Const")
                    && node.attributes.get("value") instanceof TensorFlowAttribute.Tensor tensor) {
                constants.put(node.name, tensor.value().withName(node.name));
            }
        }
        return Collections.unmodifiableMap(constants);
    }

    /// The graph as text to read: a line for each node, then the functions.
    public String text() {
        StringBuilder out = new StringBuilder();
        nodes.forEach(node -> line(node, "", out));
        for (Function function : functions) {
            out.append('\n').append(function.name).append(arguments(function.inputs));
            out.append(" => ").append(arguments(function.outputs)).append(" {\n");
            function.nodes.forEach(node -> line(node, "  ", out));
            function.returns.forEach((name, value) ->
                    out.append("  return ").append(name).append(" = ").append(value).append('\n'));
            out.append("}\n");
        }
        return out.toString();
    }

    private static void line(Node node, String indent, StringBuilder out) {
        out.append(indent).append(node.name).append(" = ").append(node.operator).append('(');
        out.append(String.join(", ", node.inputs)).append(")\n");
    }

    private static String arguments(List<Argument> arguments) {
        return arguments.stream()
                .map(argument ->
                        (argument.typeAttribute.isEmpty() ? argument.type : argument.typeAttribute)
                                + " "
                                + argument.name)
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
