package dev.jebena.formats;

import dev.jebena.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// An ONNX model as text to read, in the style of ONNX's textual syntax: a line for each node.
/// Tensors show type and shape only.
final class OnnxText {
    private static final int MOST_SHOWN = 16;

    private final StringBuilder out = new StringBuilder();

    String model(OnnxModel model) {
        out.append("<\n  ir_version: ").append(model.irVersion()).append(",\n  opset_import: [");
        out.append(opsets(model.opsets())).append("],\n");
        line("producer_name", model.producer().name());
        line("producer_version", model.producer().version());
        line("domain", model.domain());
        line("doc_string", model.doc());
        model.metadata().forEach(this::line);
        out.append(">\n");
        graph(model.graph(), "");
        model.functions().forEach(this::function);
        return out.toString();
    }

    private static String opsets(Map<String, Long> opsets) {
        return opsets.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            out.append("  ").append(name).append(": ").append(quoted(value)).append(",\n");
        }
    }

    private void graph(OnnxGraph graph, String indent) {
        out.append(name(graph.name()))
                .append(" (")
                .append(values(graph.inputs()))
                .append(") => (")
                .append(values(graph.outputs()))
                .append(")\n");
        if (!graph.initializers().isEmpty()) {
            out.append(indent).append("<\n");
            for (OnnxTensor tensor : graph.initializers()) {
                out.append(indent).append("  ").append(tensor(tensor)).append('\n');
            }
            out.append(indent).append(">\n");
        }
        out.append(indent).append("{\n");
        graph.nodes().forEach(node -> node(node, indent + "  "));
        out.append(indent).append("}\n");
    }

    private void function(OnnxFunction function) {
        out.append("<domain: ").append(quoted(function.domain()));
        out.append(", opset_import: [").append(opsets(function.opsets())).append("]>\n");
        out.append(name(function.name()));
        if (!function.attributes().isEmpty()) {
            out.append(" <").append(names(function.attributes())).append('>');
        }
        out.append(" (").append(names(function.inputs())).append(") => (");
        out.append(names(function.outputs())).append(")\n{\n");
        function.nodes().forEach(node -> node(node, "  "));
        out.append("}\n");
    }

    private void node(OnnxNode node, String indent) {
        out.append(indent).append(names(node.outputs())).append(" = ");
        if (!node.domain().isEmpty()) {
            out.append(node.domain()).append('.');
        }
        out.append(node.operator());
        String attributes =
                node.attributes().stream()
                        .filter(attribute -> !isGraph(attribute.value()))
                        .map(attribute -> attribute.name() + " = " + value(attribute.value()))
                        .collect(Collectors.joining(", "));
        if (!attributes.isEmpty()) {
            out.append(" <").append(attributes).append('>');
        }
        out.append(" (").append(names(node.inputs())).append(")\n");
        for (OnnxAttribute attribute : node.attributes()) {
            List<OnnxGraph> graphs =
                    switch (attribute.value()) {
                        case OnnxAttribute.Graph(OnnxGraph graph) -> List.of(graph);
                        case OnnxAttribute.Graphs(var all) -> all;
                        default -> List.of();
                    };
            for (OnnxGraph graph : graphs) {
                out.append(indent).append("  ").append(attribute.name()).append(" = ");
                graph(graph, indent + "  ");
            }
        }
    }

    private static boolean isGraph(OnnxAttribute.Value value) {
        return value instanceof OnnxAttribute.Graph || value instanceof OnnxAttribute.Graphs;
    }

    private static String value(OnnxAttribute.Value value) {
        return switch (value) {
            case OnnxAttribute.Real(float number) -> String.valueOf(number);
            case OnnxAttribute.Int(long number) -> String.valueOf(number);
            case OnnxAttribute.Text(Bytes text) -> quoted(text.utf8());
            case OnnxAttribute.Tensor(OnnxTensor tensor) -> tensor(tensor);
            case OnnxAttribute.Reals(var numbers) -> list(numbers);
            case OnnxAttribute.Ints(var numbers) -> list(numbers);
            case OnnxAttribute.Texts(var texts) ->
                    list(texts.stream().limit(MOST_SHOWN + 1L).map(t -> quoted(t.utf8())).toList());
            case OnnxAttribute.Tensors(var tensors) ->
                    list(tensors.stream().map(OnnxText::tensor).toList());
            case OnnxAttribute.Sparse(OnnxSparseTensor sparse) -> sparse(sparse);
            case OnnxAttribute.Sparses(var all) ->
                    list(all.stream().map(OnnxText::sparse).toList());
            case OnnxAttribute.Type(OnnxType type) -> type(type);
            case OnnxAttribute.Types(var types) ->
                    list(types.stream().map(OnnxText::type).toList());
            case OnnxAttribute.Reference(String name, _) -> "@" + name;
            case OnnxAttribute.Graph _, OnnxAttribute.Graphs _ -> "graph";
        };
    }

    private static String list(List<?> values) {
        String shown =
                values.stream()
                        .limit(MOST_SHOWN)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        return "[" + shown + (values.size() > MOST_SHOWN ? ", ... " + values.size() : "") + "]";
    }

    private static String sparse(OnnxSparseTensor sparse) {
        return "sparse " + tensor(sparse.values()) + " of " + Shapes.shown(sparse.shape());
    }

    private static String tensor(OnnxTensor tensor) {
        String shape =
                tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(","));
        String type = word(tensor.element()) + (shape.isEmpty() ? "" : "[" + shape + "]");
        String where =
                tensor.contents() instanceof OnnxTensor.External external
                        ? " in " + quoted(external.location())
                        : "";
        return type + (tensor.name().isEmpty() ? "" : " " + name(tensor.name())) + where;
    }

    private static String values(List<OnnxValueInfo> values) {
        return values.stream()
                .map(value -> type(value.type()) + " " + name(value.name()))
                .collect(Collectors.joining(", "));
    }

    /// A type as `float[N,3]`.
    static String type(OnnxType type) {
        return switch (type) {
            case OnnxType.Tensor(var element, var shape, _) ->
                    word(element) + shape.map(OnnxText::dimensions).orElse("[]");
            case OnnxType.Sparse(var element, var shape, _) ->
                    "sparse_tensor("
                            + word(element)
                            + shape.map(OnnxText::dimensions).orElse("[]")
                            + ")";
            case OnnxType.Sequence(var element, _) -> "seq(" + type(element) + ")";
            case OnnxType.Map(var key, var value, _) ->
                    "map(" + word(key) + ", " + type(value) + ")";
            case OnnxType.Maybe(var element, _) -> "optional(" + type(element) + ")";
            case OnnxType.Opaque(var domain, var name, _) -> "opaque(" + domain + "." + name + ")";
            case OnnxType.Unknown _ -> "?";
        };
    }

    private static String dimensions(List<OnnxType.Dimension> dimensions) {
        return dimensions.isEmpty()
                ? ""
                : dimensions.stream()
                        .map(dimension ->
                                dimension
                                        .length()
                                        .map(String::valueOf)
                                        .or(dimension::name)
                                        .orElse("?"))
                        .collect(Collectors.joining(",", "[", "]"));
    }

    private static String word(OnnxElement element) {
        return element.name().toLowerCase(Locale.ROOT);
    }

    private static String names(List<String> names) {
        return names.stream().map(OnnxText::name).collect(Collectors.joining(", "));
    }

    /// A name, in quotes unless it is an identifier.
    private static String name(String name) {
        return name.isEmpty() || name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : quoted(name);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        Json.quote(text, quoted);
        return quoted.toString();
    }
}
