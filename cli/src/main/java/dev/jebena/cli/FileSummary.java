package dev.jebena.cli;

import dev.jebena.formats.Checkpoint;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.PlainTensor;
import dev.jebena.formats.PlainTensors;
import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.SavedModel;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.formats.TensorFlowGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What `show` says about a file of tensors or a graph that is no model of the store.
///
/// @param facts what the file is, by name
/// @param metadata what the file itself says
/// @param graph as text to read; empty for files of tensors only
record FileSummary(
        Map<String, Object> facts,
        Map<String, Object> metadata,
        List<Tensor> tensors,
        Optional<String> graph) {
    private static final int LONGEST = 100;
    private static final String SAVED_MODEL = "saved_model.pb";

    /// @param bytes in the file
    record Tensor(String name, String type, List<Long> shape, long bytes) {}

    /// Empty for what is no such file, judged by its name.
    static Optional<FileSummary> of(String name) {
        Path path = Path.of(name);
        if (Files.exists(path.resolve(SAVED_MODEL))) {
            return Optional.of(GraphSummary.of(SavedModel.load(path)));
        }
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "onnx" -> Optional.of(GraphSummary.of(OnnxModel.load(path)));
            case "pb" ->
                    Optional.of(
                            String.valueOf(path.getFileName()).equals(SAVED_MODEL)
                                    ? GraphSummary.of(SavedModel.load(path))
                                    : GraphSummary.of(TensorFlowGraph.load(path)));
            case "index" -> Optional.of(ofTensors(Checkpoint.open(path), "TensorFlow"));
            case "npy", "npz" -> Optional.of(ofTensors(TensorFile.open(path), "NumPy"));
            case "pt", "pth", "ckpt", "bin" ->
                    Optional.of(ofTensors(TensorFile.open(path), "PyTorch"));
            case "safetensors" -> Optional.of(ofTensors(TensorFile.open(path), "safetensors"));
            default -> Optional.empty();
        };
    }

    /// Closes `opened`.
    private static FileSummary ofTensors(TensorFile opened, String format) {
        try (TensorFile file = opened) {
            List<Tensor> tensors = new ArrayList<>();
            Map<String, String> others = Map.of();
            if (file instanceof PlainTensors all) {
                all.plain().values().forEach(tensor -> tensors.add(of(tensor)));
                others = all.others();
            } else {
                file.tensors().values().forEach(tensor -> tensors.add(of(tensor)));
                others = file instanceof SafeTensors some ? some.others() : others;
            }
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("format", file instanceof Gguf ? "GGUF" : format);
            count(facts, tensors);
            if (!others.isEmpty()) {
                facts.put("others", others);
            }
            return new FileSummary(
                    facts, new LinkedHashMap<>(file.metadata()), tensors, Optional.empty());
        }
    }

    static void count(Map<String, Object> facts, List<Tensor> tensors) {
        facts.put("tensors", tensors.size());
        facts.put(
                "parameters",
                tensors.stream()
                        .mapToLong(tensor -> tensor.shape.stream().reduce(1L, Math::multiplyExact))
                        .sum());
    }

    static Tensor of(PlainTensor tensor) {
        return new Tensor(
                tensor.name(), tensor.type().name(), tensor.shape(), tensor.data().byteSize());
    }

    private static Tensor of(StoredTensor tensor) {
        return new Tensor(
                tensor.name(), tensor.type().name(), tensor.shape(), tensor.data().byteSize());
    }

    Map<String, Object> json(String path) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", path);
        json.putAll(facts);
        json.put("metadata", metadata);
        json.put("tensor_list", tensors.stream().map(FileSummary::json).toList());
        return json;
    }

    private static Map<String, Object> json(Tensor tensor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", tensor.name);
        json.put("type", tensor.type);
        json.put("shape", tensor.shape);
        json.put("bytes", tensor.bytes);
        return json;
    }

    String text() {
        StringBuilder out = new StringBuilder(table(facts));
        if (!metadata.isEmpty()) {
            out.append("\nmetadata\n").append(table(metadata));
        }
        if (!tensors.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            for (Tensor tensor : tensors) {
                rows.add(
                        List.of(
                                tensor.name,
                                tensor.type,
                                tensor.shape.toString(),
                                Tables.bytes(tensor.bytes)));
            }
            out.append("\ntensors\n").append(Tables.of(rows));
        }
        return out.toString();
    }

    private static String table(Map<String, Object> entries) {
        List<List<String>> rows = new ArrayList<>();
        entries.forEach((name, value) -> rows.add(List.of(name, shown(value))));
        return Tables.of(rows);
    }

    private static String shown(Object value) {
        String text =
                value instanceof Map<?, ?> map
                        ? map.entrySet().stream()
                                .map(entry -> entry.getKey() + ": " + entry.getValue())
                                .collect(Collectors.joining(", "))
                        : String.valueOf(value);
        String line = text.lines().collect(Collectors.joining(" "));
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
