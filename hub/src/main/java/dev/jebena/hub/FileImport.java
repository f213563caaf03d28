package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Copies model files of the user's into the blob store.
final class FileImport {
    /// What a loader may want of a model folder; weights in other formats are left out.
    private static final Set<String> ENDINGS =
            Set.of("json", "safetensors", "model", "spm", "txt", "jinja", "tiktoken");

    private final BlobStore blobs;
    private final ProgressListener listener;

    FileImport(BlobStore blobs, ProgressListener listener) {
        this.blobs = blobs;
        this.listener = listener;
    }

    /// The layers of a GGUF file (with the other files of a split model) or of a model folder. The
    /// header is read before anything is copied.
    List<Layer> model(Path path) {
        if (!Files.exists(path)) {
            throw Problem.notFound("no such file or folder: " + path);
        }
        ModelInspector.inspect(path);
        List<Layer> layers = new ArrayList<>();
        if (Files.isDirectory(path)) {
            Path folder = real(path);
            for (Path file : folderFiles(folder)) {
                String title = folder.relativize(file).toString().replace('\\', '/');
                layers.add(file(file, Layer.FILE, title));
            }
            return layers;
        }
        String name = String.valueOf(path.getFileName());
        for (int i = 1; i <= FileNames.splitCount(name); i++) {
            Path file =
                    FileNames.splitStem(name) == null
                            ? path
                            : path.resolveSibling(FileNames.splitName(name, i));
            layers.add(file(file, Layer.MODEL, title(file)));
        }
        return layers;
    }

    Layer adapter(Path file) {
        if (!Files.isRegularFile(file)) {
            throw Problem.notFound("no such adapter file: " + file);
        }
        return file(file, Layer.ADAPTER, title(file));
    }

    private static String title(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!FileNames.isSafe(name)) {
            return "model.gguf";
        }
        return FileNames.isGguf(name) ? name : name + ".gguf";
    }

    private Layer file(Path file, String type, String title) {
        try {
            long size = Files.size(file);
            ContentId id =
                    blobs.put(file, n -> listener.on(Progress.bytes(title, "copying", n, size)));
            return new Layer(type, id, size, title);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    // A walk does not follow a link that it begins with.
    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw Problem.storage("cannot read " + folder, e);
        }
    }

    private static List<Path> folderFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> wanted(folder.relativize(f).toString().replace('\\', '/')))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Problem.storage("cannot list " + folder, e);
        } catch (UncheckedIOException e) {
            // From the walk, for a folder within that cannot be opened.
            throw Problem.storage("cannot list " + folder, e);
        }
    }

    /// True for the files of a model folder or repository that a loader may read.
    static boolean wanted(String path) {
        String ending = path.substring(path.lastIndexOf('.') + 1);
        boolean nested = path.contains("/") && !path.matches("\\d+_[A-Za-z]+/[^/]+");
        return FileNames.isSafe(path) && !nested && ENDINGS.contains(ending);
    }

    static boolean hasGgufMagic(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(4), new byte[] {'G', 'G', 'U', 'F'});
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }
}
