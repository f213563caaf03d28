package dev.jebena.tracking;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Artifacts in folders of this machine, as MLflow keeps them.
///
/// @param served where MLflow's server kept what its URIs call `mlflow-artifacts:/`; null when that
///   is not known
record ArtifactFolders(@Nullable Path served) {
    /// The folder of a URI; empty when it is not on this machine.
    Optional<Path> folder(String uri) {
        try {
            if (served != null && uri.startsWith("mlflow-artifacts:")) {
                return Artifacts.path(uri).map(served::resolve);
            }
            if (uri.startsWith("file:")) {
                return Optional.of(Path.of(URI.create(uri)));
            }
            return uri.isEmpty() || uri.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")
                    ? Optional.empty()
                    : Optional.of(Path.of(uri));
        } catch (IllegalArgumentException | FileSystemNotFoundException _) {
            return Optional.empty();
        }
    }

    /// Hands all files below a URI to `each`; false when the URI is not on this machine.
    boolean each(String uri, RunSource.EachFile each) throws IOException {
        Optional<Path> folder = folder(uri);
        if (folder.isEmpty()) {
            return false;
        }
        Path root = folder.get();
        if (!Files.isDirectory(root)) {
            // MLflow makes the folder with the first file.
            return true;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                // A link could lead to any file of this machine.
                if (Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    try (InputStream in = Files.newInputStream(file)) {
                        each.take(root.relativize(file).toString().replace('\\', '/'), in);
                    }
                }
            }
        }
        return true;
    }
}
