package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A SavedModel of TensorFlow: a folder with `saved_model.pb` and `variables`.
///
/// @param graphs one for each set of tags; mostly one, tagged `serve`
public record SavedModel(Path folder, List<MetaGraph> graphs) {
    /// A graph and what it can be asked.
    ///
    /// @param producer the version of TensorFlow that wrote it
    public record MetaGraph(
            List<String> tags,
            String producer,
            TensorFlowGraph graph,
            Map<String, Signature> signatures) {}

    /// @param method what kind of question it is: `tensorflow/serving/predict`
    public record Signature(
            Map<String, TensorInfo> inputs, Map<String, TensorInfo> outputs, String method) {}

    /// @param tensor its name in the graph: `serving_default_x:0`
    /// @param shape -1 for an unknown length; empty when not even their number is known
    public record TensorInfo(String tensor, TensorFlowType type, Optional<List<Long>> shape) {}

    /// Reads the folder's `saved_model.pb`, or that file itself. Throws [FormatException] when it
    /// is damaged or of another kind.
    public static SavedModel load(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("saved_model.pb") : path;
        MappedFile mapped = MappedFile.open(file, Arena.ofAuto());
        Path folder = file.toAbsolutePath().getParent();
        List<MetaGraph> graphs =
                TensorFlowReader.of(mapped)
                        .savedModel(
                                ProtobufReader.of(mapped.bytes(), "SavedModel", mapped::problem));
        if (graphs.isEmpty()) {
            throw mapped.problem("there is no graph in it; this is no SavedModel");
        }
        return new SavedModel(folder == null ? path : folder, graphs);
    }

    /// Whether the model has variables: a frozen one has not.
    public boolean hasVariables() {
        return Files.exists(index());
    }

    /// Opens the values of the variables, by their names in the checkpoint. The caller closes them.
    public PlainTensors variables() {
        return Checkpoint.open(index());
    }

    private Path index() {
        return folder.resolve("variables").resolve("variables.index");
    }
}
