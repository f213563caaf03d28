package dev.jebena.cli;

import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxNode;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.formats.PlainTensors;
import dev.jebena.formats.SavedModel;
import dev.jebena.formats.TensorFlowGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What `show` says about a model that is a graph.
final class GraphSummary {
    private GraphSummary() {}

    static FileSummary of(OnnxModel model) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("format", "ONNX");
        facts.put("ir_version", model.irVersion());
        facts.put("opsets", opsets(model));
        facts.put("producer", (model.producer().name() + " " + model.producer().version()).strip());
        facts.put("graph", model.graph().name());
        facts.put("inputs", values(model.graph().inputs()));
        facts.put("outputs", values(model.graph().outputs()));
        facts.put("nodes", model.graph().nodes().size());
        facts.put(
                "operators", operators(model.graph().nodes().stream().map(GraphSummary::operator)));
        if (!model.functions().isEmpty()) {
            facts.put(
                    "functions",
                    model.functions().stream().map(f -> f.domain() + "." + f.name()).toList());
        }
        List<FileSummary.Tensor> tensors = new ArrayList<>();
        for (OnnxTensor tensor : model.graph().initializers()) {
            boolean numbers = tensor.element().type().isPresent();
            tensors.add(
                    new FileSummary.Tensor(
                            tensor.name(),
                            tensor.element().name(),
                            tensor.shape(),
                            numbers ? tensor.plain().data().byteSize() : 0));
        }
        FileSummary.count(facts, tensors);
        return new FileSummary(
                facts, new LinkedHashMap<>(model.metadata()), tensors, Optional.of(model.text()));
    }

    /// The default domain by its long name.
    private static Map<String, Long> opsets(OnnxModel model) {
        Map<String, Long> opsets = new LinkedHashMap<>();
        model.opsets()
                .forEach((domain, version) ->
                        opsets.put(domain.isEmpty() ? "ai.onnx" : domain, version));
        return opsets;
    }

    private static Map<String, String> values(List<OnnxValueInfo> values) {
        Map<String, String> types = new LinkedHashMap<>();
        values.forEach(value -> types.put(value.name(), value.type().text()));
        return types;
    }

    private static String operator(OnnxNode node) {
        return node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
    }

    /// How many nodes each operator has.
    private static Map<String, Integer> operators(Stream<String> operators) {
        Map<String, Integer> counts = new TreeMap<>();
        operators.forEach(operator -> counts.merge(operator, 1, Integer::sum));
        return counts;
    }

    /// The first graph; others differ in their tags only.
    static FileSummary of(SavedModel model) {
        SavedModel.MetaGraph first = model.graphs().getFirst();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("format", "TensorFlow SavedModel");
        facts.put("tags", first.tags());
        facts.put("producer", ("tensorflow " + first.producer()).strip());
        first.signatures()
                .forEach((name, signature) -> {
                    Map<String, Object> ends = new LinkedHashMap<>();
                    ends.put("inputs", infos(signature.inputs()));
                    ends.put("outputs", infos(signature.outputs()));
                    facts.put("signature " + name, ends);
                });
        graph(facts, first.graph());
        List<FileSummary.Tensor> tensors = new ArrayList<>();
        if (model.hasVariables()) {
            try (PlainTensors variables = model.variables()) {
                variables.plain().values().forEach(each -> tensors.add(FileSummary.of(each)));
            }
        }
        FileSummary.count(facts, tensors);
        return new FileSummary(facts, Map.of(), tensors, Optional.of(first.graph().text()));
    }

    /// A frozen graph.
    static FileSummary of(TensorFlowGraph graph) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("format", "TensorFlow graph");
        graph(facts, graph);
        List<FileSummary.Tensor> tensors =
                graph.constants().values().stream().map(FileSummary::of).toList();
        FileSummary.count(facts, tensors);
        return new FileSummary(facts, Map.of(), tensors, Optional.of(graph.text()));
    }

    private static void graph(Map<String, Object> facts, TensorFlowGraph graph) {
        facts.put("nodes", graph.nodes().size());
        facts.put(
                "operators", operators(graph.nodes().stream().map(TensorFlowGraph.Node::operator)));
        if (!graph.functions().isEmpty()) {
            facts.put(
                    "functions",
                    graph.functions().stream().map(TensorFlowGraph.Function::name).toList());
        }
    }

    private static Map<String, String> infos(Map<String, SavedModel.TensorInfo> infos) {
        Map<String, String> types = new LinkedHashMap<>();
        infos.forEach((name, info) -> {
            String shape = info.shape().map(String::valueOf).orElse("[...]");
            types.put(name, info.type() + shape);
        });
        return types;
    }
}
