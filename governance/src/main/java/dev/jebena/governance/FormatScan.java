package dev.jebena.governance;

import dev.jebena.formats.FormatException;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.SavedModel;
import dev.jebena.formats.TensorFlowGraph;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Files of tensors and graphs, read by the readers that would load them: whatever these refuse is
/// reported in their words.
final class FormatScan {
    private static final Set<String> FILE_OPERATORS =
            Set.of(
                    "ReadFile",
                    "WriteFile",
                    "MatchingFiles",
                    "PyFunc",
                    "PyFuncStateless",
                    "EagerPyFunc");

    private FormatScan() {}

    static void of(FileScan scan, String path, FileKind kind, Path file) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        try {
            if (name.endsWith(".safetensors")) {
                SafeTensors.open(file).close();
            } else if (name.endsWith(".gguf") || kind == FileKind.GGUF) {
                gguf(scan, path, file);
            } else if (name.endsWith(".onnx")) {
                OnnxModel.load(file);
            } else if (name.equals("saved_model.pb")) {
                SavedModel.load(file)
                        .graphs()
                        .forEach(graph -> operators(scan, path, graph.graph()));
            } else if (name.endsWith(".pb")) {
                operators(scan, path, TensorFlowGraph.load(file));
            }
        } catch (FormatException e) {
            String message = String.valueOf(e.getMessage()).replace(file + ": ", "");
            scan.add(
                    ScanKind.FORMAT,
                    ScanLevel.UNSAFE,
                    path,
                    message,
                    "do not load it; download it again");
        }
    }

    private static void gguf(FileScan scan, String path, Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            gguf.metadata()
                    .forEach((key, value) -> {
                        if (key.startsWith("tokenizer.chat_template")) {
                            for (Object template :
                                    value instanceof List<?> list ? list : List.of(value)) {
                                TemplateScan.of(scan, path, String.valueOf(template));
                            }
                        }
                    });
        }
    }

    private static void operators(FileScan scan, String path, TensorFlowGraph graph) {
        Set<String> found = new TreeSet<>();
        graph.nodes().forEach(node -> found.add(node.operator()));
        graph.functions()
                .forEach(function -> function.nodes().forEach(node -> found.add(node.operator())));
        found.retainAll(FILE_OPERATORS);
        for (String operator : found) {
            scan.add(
                    ScanKind.GRAPH,
                    ScanLevel.UNSAFE,
                    path,
                    "the operator %s, which %s"
                            .formatted(
                                    operator,
                                    operator.contains("Py")
                                            ? "runs Python code"
                                            : "reads or writes files when the model runs"),
                    "do not run it");
        }
    }
}
