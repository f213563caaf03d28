package dev.jebena.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;

/// Tiny models with random weights: `toy` writes text, `toy-embed` makes embeddings.
final class ToyModels {
    /// The data folder of the tests, set by the build.
    static final Path HOME = Path.of(System.getenv("JEBENA_HOME"));

    private ToyModels() {}

    static Path chat() {
        return unzipped("llama-F32");
    }

    static Path embedding() {
        return unzipped("bert-F32");
    }

    private static synchronized Path unzipped(String name) {
        Path packed =
                Path.of(
                        System.getProperty("jebena.shared", "../../shared"),
                        "golden",
                        "models",
                        name + ".gguf.gz");
        Path file = HOME.resolveSibling("toy-models").resolve(name + ".gguf");
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /// Puts a model under `name` into the store, unless it is there.
    static void store(String name, Path file) {
        if (CommandRun.of("show", name).status() != 0) {
            CommandRun run = CommandRun.withInput("FROM " + file + "\n", "create", name, "-f", "-");
            if (run.status() != 0) {
                throw new IllegalStateException(run.err());
            }
        }
    }
}
