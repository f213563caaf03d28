package dev.jebena.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// The small models that llama.cpp and gguf-py made.
final class GoldenModels {
    private static final Path FOLDER =
            Path.of(System.getProperty("jebena.shared", "../shared"), "golden", "models");
    private static final String ENDING = ".gguf.gz";

    private GoldenModels() {}

    /// The names of all models.
    static Stream<String> readable() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path unzip(String model, Path folder) throws IOException {
        Path file = folder.resolve(model + ".gguf");
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(FOLDER.resolve(model + ENDING)))) {
            Files.copy(in, file);
        }
        return file;
    }
}
