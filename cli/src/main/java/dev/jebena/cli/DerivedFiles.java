package dev.jebena.cli;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.tracking.Lineage;
import dev.jebena.tracking.LineageItem;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Tells this machine's lineage which files commands have made of which.
final class DerivedFiles {
    private static final String BLOB = "sha256-[0-9a-f]{64}";
    private static final String WEIGHTS = ".*\\.(gguf|safetensors|bin|npz|onnx|pt|pth)";

    private DerivedFiles() {}

    /// Records that `made` came of `source`; both may be folders with weights. The work is done
    /// already, so what hinders this is only a warning.
    static void record(Path home, String job, Path source, Path made) {
        try (Tracking tracking = Tracking.open(TrackingOptions.in(RunsPlace.folder(home)))) {
            Lineage.of(tracking).record(job, items(source), items(made));
        } catch (Problem | IOException e) {
            System.err.println("jebena: the lineage is not recorded: " + e.getMessage());
        }
    }

    private static List<LineageItem> items(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(item(path));
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(f -> name(f).matches(WEIGHTS) && Files.isRegularFile(f))
                    .sorted()
                    .map(DerivedFiles::item)
                    .toList();
        }
    }

    private static String name(Path file) {
        return Objects.toString(file.getFileName());
    }

    private static LineageItem item(Path file) {
        return LineageItem.file(content(file), name(file).matches(BLOB) ? "" : name(file));
    }

    /// The hash of a file's bytes; a blob of our store has it in its name.
    static ContentId content(Path file) {
        return name(file).matches(BLOB) ? ContentId.parse(name(file)) : ContentId.of(file);
    }
}
