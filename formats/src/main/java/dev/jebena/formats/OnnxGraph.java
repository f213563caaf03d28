package dev.jebena.formats;

import java.util.List;
import java.util.Map;

/// Operators and the names between them (`GraphProto`), sorted so that each name is made before it
/// is used.
///
/// @param initializers constants, and defaults of inputs of the same name
/// @param sparseInitializers constants, named by their values
/// @param values types of some of the names in between
/// @param annotations quantization parameters: for a tensor, names of tensors by role
/// @param rest fields of later versions
public record OnnxGraph(
        String name,
        List<OnnxNode> nodes,
        List<OnnxTensor> initializers,
        List<OnnxSparseTensor> sparseInitializers,
        List<OnnxValueInfo> inputs,
        List<OnnxValueInfo> outputs,
        List<OnnxValueInfo> values,
        Map<String, Map<String, String>> annotations,
        String doc,
        Map<String, String> metadata,
        List<Bytes> rest) {
    /// A graph that says no more than what is computed.
    public static OnnxGraph of(
            String name,
            List<OnnxNode> nodes,
            List<OnnxTensor> initializers,
            List<OnnxValueInfo> inputs,
            List<OnnxValueInfo> outputs) {
        return new OnnxGraph(
                name,
                nodes,
                initializers,
                List.of(),
                inputs,
                outputs,
                List.of(),
                Map.of(),
                "",
                Map.of(),
                List.of());
    }

    /// The same with other nodes.
    public OnnxGraph nodes(List<OnnxNode> others) {
        return changed(others, initializers);
    }

    /// The same with other initializers.
    public OnnxGraph initializers(List<OnnxTensor> others) {
        return changed(nodes, others);
    }

    private OnnxGraph changed(List<OnnxNode> newNodes, List<OnnxTensor> newInitializers) {
        return new OnnxGraph(
                name,
                newNodes,
                newInitializers,
                sparseInitializers,
                inputs,
                outputs,
                values,
                annotations,
                doc,
                metadata,
                rest);
    }
}
