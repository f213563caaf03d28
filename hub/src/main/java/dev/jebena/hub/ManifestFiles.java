package dev.jebena.hub;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The manifests on disk: `host/namespace/model/tag`, a port's colon written as `+`.
final class ManifestFiles {
    private static final int MAX_BYTES = 16 << 20;

    private final Path folder;

    ManifestFiles(Path folder) {
        try {
            // The real path: a walk does not follow a link that it begins with.
            this.folder = Files.createDirectories(folder).toRealPath();
        } catch (IOException e) {
            throw Problem.unwritable("cannot make the folder " + folder, e);
        }
    }

    Path file(ModelName name) {
        return folder.resolve(name.host().replace(':', '+'))
                .resolve(name.namespace())
                .resolve(name.model())
                .resolve(name.tag());
    }

    /// All names, whether or not their manifests can be read.
    List<ModelName> names() {
        List<ModelName> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder, 4)) {
            files.filter(f -> f.getNameCount() == folder.getNameCount() + 4)
                    .forEach(f -> name(f).ifPresent(names::add));
        } catch (IOException e) {
            throw Problem.storage("cannot list " + folder, e);
        }
        return names;
    }

    private Optional<ModelName> name(Path file) {
        Path parts = folder.relativize(file);
        try {
            return Optional.of(
                    new ModelName(
                            parts.getName(0).toString().replace('+', ':'),
                            parts.getName(1).toString(),
                            parts.getName(2).toString(),
                            parts.getName(3).toString()));
        } catch (Problem _) {
            return Optional.empty();
        }
    }

    /// The name as it is stored: the same, or one that differs in case only.
    Optional<ModelName> stored(ModelName name) {
        if (Files.isRegularFile(file(name))) {
            return Optional.of(name);
        }
        return names().stream().filter(n -> n.full().equalsIgnoreCase(name.full())).findFirst();
    }

    /// The manifest's bytes; empty when there is none.
    Optional<byte[]> read(ModelName name) {
        Path file = file(name);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new Problem(Problem.Code.CORRUPT, "the manifest " + file + " is too large");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw Problem.storage("cannot read the manifest " + file, e);
        }
    }

    Manifest parse(ModelName name, byte[] bytes) {
        try {
            return Manifest.parse(
                    new String(bytes, StandardCharsets.UTF_8), "the manifest of " + name);
        } catch (Problem e) {
            throw new Problem(
                    Problem.Code.CORRUPT,
                    e.summary(),
                    "remove it with `jebena rm " + name + "` and pull or create it again",
                    e);
        }
    }

    void write(ModelName name, Manifest manifest) {
        try {
            DurableFiles.write(file(name), manifest.toBytes());
        } catch (IOException e) {
            throw Problem.unwritable("cannot write the manifest of " + name, e);
        }
    }

    boolean delete(ModelName name) {
        try {
            return DurableFiles.delete(file(name));
        } catch (IOException e) {
            throw Problem.unwritable("cannot remove " + name, e);
        }
    }
}
