package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model that is used where it lies, without being stored.
final class LocalModel {
    private LocalModel() {}

    /// The path that the text means; null when it is a name. Throws NOT_FOUND for a path at which
    /// nothing is.
    static @Nullable Path path(String text) {
        if (!looksLikePath(text)) {
            return null;
        }
        try {
            Path path = Path.of(text).toAbsolutePath().normalize();
            if (!Files.exists(path)) {
                throw Problem.notFound("no such file or folder: " + path);
            }
            return path;
        } catch (InvalidPathException e) {
            throw new Problem(Problem.Code.BAD_REQUEST, "not a path: " + e.getMessage(), null, e);
        }
    }

    /// `/...`, `./...`, `../...`, an absolute path of this system, or an existing GGUF file.
    static boolean looksLikePath(String text) {
        if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../")) {
            return true;
        }
        try {
            Path path = Path.of(text);
            return path.isAbsolute() || (FileNames.isGguf(text) && Files.isRegularFile(path));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    static StoredModel of(Path path) {
        ModelDetails details = ModelInspector.inspect(path).details();
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            String stem = String.valueOf(path.getFileName()).replaceFirst("\\.gguf$", "");
            String plain = stem.replaceAll("[^A-Za-z0-9_-]", "-").replaceFirst("^-+", "");
            String name =
                    plain.isEmpty() ? "model" : plain.substring(0, Math.min(100, plain.length()));
            String identity = path + "\n" + file.size() + "\n" + file.lastModifiedTime();
            return new StoredModel(
                    ModelName.parse(name),
                    new LazyContentId(identity.getBytes(StandardCharsets.UTF_8)),
                    file.size(),
                    file.lastModifiedTime().toInstant(),
                    details,
                    path,
                    List.of(),
                    Map.of(),
                    null,
                    null,
                    List.of(),
                    List.of(),
                    path.toString());
        } catch (IOException e) {
            throw Problem.storage("cannot read " + path, e);
        }
    }
}
