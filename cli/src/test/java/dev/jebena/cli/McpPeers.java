package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The official SDKs of the Model Context Protocol, installed once in the cache folder, and the
/// program as they start it.
final class McpPeers {
    static final Path CACHE = cache();

    private static final Path FOLDER = CACHE.resolve("mcp");
    private static final String PYTHON_SDK = "mcp==2.3.0";
    private static final String NODE_SDK = "@modelcontextprotocol/sdk@1.32.2";

    private McpPeers() {}

    private static Path cache() {
        String folder = System.getProperty("jebena.cache", System.getenv("JEBENA_CACHE"));
        return folder != null
                ? Path.of(folder)
                : Path.of(System.getProperty("java.io.tmpdir"), "jebena-test-cache");
    }

    static boolean available() {
        return onPath("python3") && onPath("npm") && onPath("node");
    }

    private static boolean onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /// A script among the clients of the tests.
    static Path script(String name) {
        return Path.of(System.getProperty("jebena.root", ".."), "cli/src/test/clients", name)
                .toAbsolutePath();
    }

    /// A Python that has the SDK.
    static synchronized Path python() throws IOException, InterruptedException {
        Path python = FOLDER.resolve("python/bin/python");
        if (!Files.exists(FOLDER.resolve("python/installed"))) {
            Files.createDirectories(FOLDER);
            run("python3", "-m", "venv", FOLDER.resolve("python").toString());
            run(python.toString(), "-m", "pip", "install", "-q", PYTHON_SDK);
            Files.createFile(FOLDER.resolve("python/installed"));
        }
        return python;
    }

    /// A folder whose scripts find the SDK.
    static synchronized Path node() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(FOLDER.resolve("node"));
        if (!Files.exists(folder.resolve("installed"))) {
            run(
                    "npm",
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--ignore-scripts",
                    "--prefix",
                    folder.toString(),
                    NODE_SDK);
            Files.createFile(folder.resolve("installed"));
        }
        return folder;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    /// The program in a process of its own, from the classes under test.
    static List<String> jebena(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules=jdk.incubator.vector",
                        "-XX:+UseSerialGC",
                        Main.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }
}
