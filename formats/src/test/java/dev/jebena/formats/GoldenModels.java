package dev.jebena.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// The small models that other programs made.
final class GoldenModels {
    private GoldenModels() {}

    /// All of them, except those of types that no enum constant stands for.
    static List<Path> all() {
        Path folder = Path.of(System.getProperty("jebena.shared"), "golden", "models");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".gguf.gz")).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Path unzip(Path zipped, Path folder) throws IOException {
        String name = String.valueOf(zipped.getFileName());
        Path file = folder.resolve(name.substring(0, name.length() - ".gz".length()));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(zipped))) {
            Files.copy(in, file);
        }
        return file;
    }
}
