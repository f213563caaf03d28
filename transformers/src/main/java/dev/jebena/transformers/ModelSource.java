package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.HubClient;
import dev.jebena.hub.RepoId;
import dev.jebena.hub.SnapshotOptions;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds a model's folder: one on this machine, or the files of a repository that are needed.
final class ModelSource {
    private static final List<String> SMALL =
            List.of(
                    "*.json",
                    "README.md",
                    "vocab.txt",
                    "merges.txt",
                    "*.spm",
                    "*.model",
                    "*.jinja");
    private static final String WHOLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private ModelSource() {}

    static Path folder(String nameOrPath, TransformersOptions options, ProgressListener listener) {
        try {
            Path path = Path.of(nameOrPath);
            if (Files.isDirectory(path)) {
                return path;
            }
        } catch (InvalidPathException _) {
            // Then it is a name.
        }
        if (nameOrPath.startsWith("/") || nameOrPath.startsWith(".")) {
            throw new Problem(Problem.Code.NOT_FOUND, "there is no folder " + nameOrPath);
        }
        return fetched(RepoId.parse(nameOrPath, RepoId.Kind.MODEL), options, listener);
    }

    private static Path fetched(RepoId id, TransformersOptions options, ProgressListener listener) {
        HubClient client = HubClient.of(options.hub());
        List<String> wanted = new ArrayList<>(SMALL);
        wanted.add(WHOLE);
        Path folder = snapshot(client, id, options, wanted, listener);
        if (Files.exists(folder.resolve(WHOLE))) {
            return folder;
        }
        boolean parts = Files.exists(folder.resolve(INDEX));
        return snapshot(
                client,
                id,
                options,
                parts ? List.of("model-*.safetensors") : List.of("pytorch_model*.bin"),
                listener);
    }

    /// All snapshots of one commit are one folder.
    private static Path snapshot(
            HubClient client,
            RepoId id,
            TransformersOptions options,
            List<String> wanted,
            ProgressListener listener) {
        return client.snapshot(
                id,
                SnapshotOptions.defaults()
                        .withRevision(options.revision())
                        .withInclude(wanted)
                        // Weights of other libraries.
                        .withExclude(List.of("onnx/*", "openvino/*", "coreml/*")),
                listener);
    }
}
