package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.repositories.RepoFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The files of a repository in a folder for a while, each as far as licences and openness need it:
/// texts whole, of weights the header, of all else the name.
record RepoFolder(Path path) implements AutoCloseable {
    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES = 128L << 20;
    private static final long TEXT = 2L << 20;
    private static final long HEADER = 32L << 20;

    static RepoFolder of(RepoFiles files) throws IOException {
        Map<String, Long> sizes = files.sizes();
        if (sizes.size() > MOST_FILES) {
            throw new Problem(
                    Problem.Code.TOO_LARGE,
                    "%s has %d files; reports are made for at most %d"
                            .formatted(files.name().id(), sizes.size(), MOST_FILES),
                    "download it, and use the commands jebena licence and jebena openness");
        }
        RepoFolder folder = new RepoFolder(Files.createTempDirectory("jebena-report"));
        try {
            long left = MOST_BYTES;
            for (Map.Entry<String, Long> file : sizes.entrySet()) {
                left -= folder.copy(files, file.getKey(), file.getValue(), left);
            }
            return folder;
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /// Returns how many bytes were read.
    private long copy(RepoFiles files, String name, long size, long left) throws IOException {
        Path target = path.resolve(name).normalize();
        if (!target.startsWith(path)) {
            throw Problem.badRequest("no path of a file: " + name);
        }
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        boolean header = name.endsWith(".gguf") || name.endsWith(".safetensors");
        long wanted = Math.min(size, header ? HEADER : size <= TEXT ? TEXT : 0);
        long most = wanted <= left ? wanted : 0;
        try (FileChannel out =
                FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            if (most > 0) {
                try (InputStream in = files.open(name)) {
                    out.transferFrom(Channels.newChannel(in), 0, most);
                }
            }
            if (header && most > 0 && out.size() < size) {
                // A hole: readers of headers compare offsets with the length.
                out.write(ByteBuffer.allocate(1), size - 1);
            }
        }
        return most;
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
                            throws IOException {
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
