package dev.jebena.onnx;

import dev.jebena.formats.OnnxGraph;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxType;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.onnx.internal.Carriers;
import dev.jebena.onnx.internal.GraphExport;
import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes an ONNX model (opset 18) of a traced graph, which [OnnxProgram] and other runtimes run.
///
/// ```java
/// Graph graph = Graph.trace(inputs -> List.of(model.apply(inputs.get(0))), specs);
/// OnnxExport.of(graph, List.of("image"), List.of("logits")).write(Path.of("model.onnx"));
/// ```
public final class OnnxExport {
    private static final long IR_VERSION = 8;

    private OnnxExport() {}

    /// Throws [OnnxException] that names the operation if ONNX has no operators for one: linear
    /// algebra but products, random numbers, custom operations, some derivatives.
    public static OnnxModel of(Graph graph, List<String> inputs, List<String> outputs) {
        if (inputs.size() != graph.inputs() || outputs.size() != graph.outputs().size()) {
            throw new OnnxException(
                    OnnxException.Code.INPUT,
                    "%d and %d names are given for %d inputs and %d outputs"
                            .formatted(
                                    inputs.size(),
                                    outputs.size(),
                                    graph.inputs(),
                                    graph.outputs().size()));
        }
        GraphExport export = new GraphExport(graph, inputs, outputs);
        List<OnnxValueInfo> takes = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            takes.add(info(inputs.get(i), graph.specs().get(i)));
        }
        List<OnnxValueInfo> gives = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            gives.add(info(outputs.get(i), graph.specs().get(graph.outputs().get(i))));
        }
        OnnxGraph written =
                OnnxGraph.of("jebena", export.nodes(), export.constants(), takes, gives);
        return OnnxModel.of(IR_VERSION, Map.of("", GraphExport.OPSET), "jebena", written);
    }

    private static OnnxValueInfo info(String name, Op.Spec spec) {
        int[] dims = spec.shape().toArray();
        OnnxType.Dimension[] known = new OnnxType.Dimension[dims.length];
        for (int i = 0; i < dims.length; i++) {
            known[i] = OnnxType.Dimension.of(dims[i]);
        }
        return OnnxValueInfo.of(name, OnnxType.tensor(Carriers.element(spec.dtype()), known));
    }
}
