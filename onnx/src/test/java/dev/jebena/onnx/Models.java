package dev.jebena.onnx;

import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxGraph;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxNode;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.formats.OnnxType;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.onnx.internal.Carriers;
import dev.jebena.onnx.internal.TensorFiles;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Small models for tests: constants, nodes, an input `x` of floats and an output `y`.
final class Models {
    private final List<OnnxTensor> constants = new ArrayList<>();
    private final List<OnnxNode> nodes = new ArrayList<>();

    Models constant(String name, Tensor tensor) {
        constants.add(TensorFiles.write(name, tensor));
        return this;
    }

    Models node(OnnxNode node) {
        nodes.add(node);
        return this;
    }

    OnnxModel build(long opset, int... shape) {
        OnnxType.Dimension[] dims = new OnnxType.Dimension[shape.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = OnnxType.Dimension.of(shape[i]);
        }
        OnnxGraph graph =
                OnnxGraph.of(
                        "test",
                        nodes,
                        constants,
                        List.of(OnnxValueInfo.of("x", OnnxType.tensor(OnnxElement.FLOAT, dims))),
                        List.of(OnnxValueInfo.of("y", new OnnxType.Unknown(""))));
        return OnnxModel.of(8, Map.of("", opset, "com.microsoft", 1L), "test", graph);
    }

    /// The model with a value in between as one more output.
    static OnnxModel withOutput(OnnxModel model, String name) {
        return withOutputs(model, List.of(name));
    }

    static OnnxModel withOutputs(OnnxModel model, List<String> names) {
        OnnxGraph graph = model.graph();
        List<OnnxValueInfo> outputs = new ArrayList<>(graph.outputs());
        outputs.addAll(infos(names));
        return of(model, graph.nodes(), graph.initializers(), graph.inputs(), outputs);
    }

    /// One node of a model with these inputs.
    static OnnxModel of(OnnxModel model, OnnxNode node, Map<String, Tensor> inputs) {
        List<OnnxTensor> constants =
                model.graph().initializers().stream()
                        .filter(tensor -> node.inputs().contains(tensor.name()))
                        .toList();
        List<String> results = node.outputs().stream().filter(name -> !name.isEmpty()).toList();
        List<OnnxValueInfo> given = new ArrayList<>();
        inputs.forEach((name, tensor) ->
                given.add(
                        OnnxValueInfo.of(
                                name,
                                new OnnxType.Tensor(
                                        Carriers.element(tensor.dtype()), Optional.empty(), ""))));
        return of(model, List.of(node), constants, given, infos(results));
    }

    private static List<OnnxValueInfo> infos(List<String> names) {
        return names.stream()
                .map(name -> OnnxValueInfo.of(name, new OnnxType.Unknown("")))
                .toList();
    }

    private static OnnxModel of(
            OnnxModel model,
            List<OnnxNode> nodes,
            List<OnnxTensor> constants,
            List<OnnxValueInfo> inputs,
            List<OnnxValueInfo> outputs) {
        OnnxGraph graph = OnnxGraph.of("part", nodes, constants, inputs, outputs);
        return OnnxModel.of(model.irVersion(), model.opsets(), "test", graph);
    }
}
