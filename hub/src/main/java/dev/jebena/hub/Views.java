package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Folders that show blobs under the file names that loaders look for. One folder for each set of
/// files; it holds links only, so it costs nothing and can be made again at any time.
final class Views {
    private final Path folder;
    private final BlobStore blobs;

    Views(Path folder, BlobStore blobs) {
        this.folder = folder;
        this.blobs = blobs;
    }

    /// The folder that shows these layers under their titles.
    Path of(List<Layer> layers) {
        Path view = folder.resolve(key(layers));
        try {
            if (!isComplete(view, layers)) {
                build(view, layers);
            }
            return view;
        } catch (IOException e) {
            throw Problem.unwritable("cannot make the model folder " + view, e);
        }
    }

    /// The name of the folder for these layers. Of a single one, which is what most models are, it
    /// is made of the name of its blob: loading the JDK's digests would take a fiftieth of a
    /// second.
    static String key(List<Layer> layers) {
        if (layers.size() == 1) {
            Layer only = layers.getFirst();
            int title = String.valueOf(only.title()).hashCode();
            return only.digest().hex().substring(0, 24) + HexFormat.of().toHexDigits(title);
        }
        String text =
                layers.stream()
                        .map(l -> l.title() + "\t" + l.digest().hex())
                        .sorted()
                        .collect(Collectors.joining("\n"));
        return ContentId.of(text).hex().substring(0, 32);
    }

    private static boolean isComplete(Path view, List<Layer> layers) throws IOException {
        for (Layer layer : layers) {
            Path file = view.resolve(String.valueOf(layer.title()));
            if (!Files.isRegularFile(file) || Files.size(file) != layer.size()) {
                return false;
            }
        }
        return true;
    }

    private void build(Path view, List<Layer> layers) throws IOException {
        Path temporary = DurableFiles.temporary(folder);
        try {
            for (Layer layer : layers) {
                Path file = temporary.resolve(String.valueOf(layer.title()));
                Files.createDirectories(file.getParent());
                link(file, blobs.path(layer.digest()));
            }
            DurableFiles.deleteTree(view);
            DurableFiles.move(temporary, view);
        } catch (FileSystemException e) {
            // Another process may have made the same view in the meantime.
            if (!isComplete(view, layers)) {
                throw e;
            }
        } finally {
            DurableFiles.deleteTree(temporary);
        }
    }

    private static void link(Path file, Path blob) throws IOException {
        Path target = blob.toAbsolutePath();
        try {
            Files.createSymbolicLink(file, target);
        } catch (IOException | UnsupportedOperationException _) {
            // Windows lets only privileged users make symbolic links; hard links are for everyone.
            Files.createLink(file, target);
        }
    }

    /// Removes all views but these. Call it only while nobody resolves models.
    void keepOnly(Set<String> keys) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> views;
        try (Stream<Path> paths = Files.list(folder)) {
            views = paths.filter(p -> !keys.contains(String.valueOf(p.getFileName()))).toList();
        }
        for (Path view : views) {
            DurableFiles.deleteTree(view);
        }
    }
}
