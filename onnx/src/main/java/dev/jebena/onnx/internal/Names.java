package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxGraph;
import dev.jebena.formats.OnnxNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Names and attributes of nodes, also within the graphs of their attributes.
final class Names {
    private Names() {}

    /// Adds the names that a node takes, those that its graphs take from outside among them.
    static void used(OnnxNode node, Set<String> into) {
        node.inputs().stream().filter(name -> !name.isEmpty()).forEach(into::add);
        for (OnnxAttribute attribute : node.attributes()) {
            if (attribute.value() instanceof OnnxAttribute.Graph graph) {
                free(graph.value(), into);
            }
        }
    }

    private static void free(OnnxGraph graph, Set<String> into) {
        Set<String> made = new HashSet<>(Plan.names(graph.inputs()));
        graph.initializers().forEach(tensor -> made.add(tensor.name()));
        Set<String> wanted = new HashSet<>();
        for (OnnxNode node : graph.nodes()) {
            used(node, wanted);
            made.addAll(node.outputs());
        }
        wanted.addAll(Plan.names(graph.outputs()));
        wanted.removeAll(made);
        into.addAll(wanted);
    }

    /// The node with references to attributes of a function's caller replaced by those.
    static OnnxNode bind(OnnxNode node, Map<String, OnnxAttribute.Value> values) {
        List<OnnxAttribute> bound = new ArrayList<>();
        for (OnnxAttribute attribute : node.attributes()) {
            switch (attribute.value()) {
                case OnnxAttribute.Reference reference -> {
                    OnnxAttribute.Value value = values.get(reference.attribute());
                    if (value != null) {
                        bound.add(OnnxAttribute.of(attribute.name(), value));
                    }
                }
                case OnnxAttribute.Graph graph ->
                        bound.add(
                                OnnxAttribute.of(
                                        attribute.name(),
                                        new OnnxAttribute.Graph(bind(graph.value(), values))));
                default -> bound.add(attribute);
            }
        }
        return withAttributes(node, bound);
    }

    private static OnnxGraph bind(OnnxGraph graph, Map<String, OnnxAttribute.Value> values) {
        return graph.nodes(graph.nodes().stream().map(node -> bind(node, values)).toList());
    }

    static OnnxNode withAttributes(OnnxNode node, List<OnnxAttribute> attributes) {
        return new OnnxNode(
                node.name(),
                node.operator(),
                node.domain(),
                node.overload(),
                node.inputs(),
                node.outputs(),
                List.copyOf(attributes),
                node.doc(),
                node.metadata(),
                node.rest());
    }

    static OnnxNode named(OnnxNode node, String name) {
        return new OnnxNode(
                name,
                node.operator(),
                node.domain(),
                node.overload(),
                node.inputs(),
                node.outputs(),
                node.attributes(),
                node.doc(),
                node.metadata(),
                node.rest());
    }

    static OnnxNode withInputs(OnnxNode node, List<String> inputs) {
        return new OnnxNode(
                node.name(),
                node.operator(),
                node.domain(),
                node.overload(),
                List.copyOf(inputs),
                node.outputs(),
                node.attributes(),
                node.doc(),
                node.metadata(),
                node.rest());
    }

    static boolean hasGraphs(OnnxNode node) {
        return node.attributes().stream()
                .anyMatch(attribute -> attribute.value() instanceof OnnxAttribute.Graph);
    }
}
