package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.HubClient;
import dev.jebena.hub.HubSettings;
import dev.jebena.hub.RepoId;
import dev.jebena.hub.SnapshotOptions;
import dev.jebena.hub.UploadOptions;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real clients of Hugging Face's hub, git and git-lfs against the assembled server: the
/// project's conformance scripts.
@Tag("slow")
class HubConformanceTest {
    private static final String TOKEN = "hf_jebenatesttoken";
    private static final Path SCRIPTS =
            Path.of(System.getProperty("jebena.shared", "../shared"), "conformance", "llm");

    @TempDir Path folder;
    private JebenaServer server;

    @BeforeEach
    void start() {
        assumeTrue(
                Files.isRegularFile(SCRIPTS.resolve("run.sh")),
                "no conformance scripts at " + SCRIPTS);
        Repositories repositories =
                Repositories.open(
                        RepositoryOptions.in(folder.resolve("repositories")).ownerToken(TOKEN));
        server =
                JebenaServer.start(
                                ServingOptions.defaults()
                                        .http(HttpServerOptions.defaults().port(0)),
                                Hub.open(folder),
                                router -> RepositoryRoutes.mount(router, repositories))
                        .closing(repositories::close);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void huggingFaceClientsPass() throws Exception {
        assertThat(run("", "hf_hub_py", "hf_cli", "hf_transformers", "hf_transformers_node"))
                .isEqualTo("43 passed, 0 failed");
    }

    /// As these clients upload unless they are told not to.
    @Test
    void clientsThatUploadThroughXetPass() throws Exception {
        assertThat(run("0", "hf_cli", "hf_transformers")).isEqualTo("16 passed, 0 failed");
    }

    @Test
    void gitAndGitLfsPass() throws Exception {
        assumeTrue(exists("git-lfs"), "git-lfs is not installed");
        assertThat(run("", "git_lfs")).isEqualTo("8 passed, 0 failed");
    }

    /// As a registry; the other side, an Ollama server that pulls from one, is not the hub's.
    @Test
    void ollamasRegistryProtocolPasses() throws Exception {
        assertThat(run("", "ollama_registry")).isEqualTo("3 passed, 0 failed, 7 skipped");
    }

    @Test
    void huggingFaceHubDiscussesAndMerges() throws Exception {
        assertThat(script("hub_discussions.py")).isEqualTo("discussions passed");
    }

    @Test
    void versionsOfALargeFileShareTheirChunks() throws Exception {
        assertThat(script("hub_chunks.py")).isEqualTo("chunks passed");
        long stored = 0;
        try (Stream<Path> files = Files.list(folder.resolve("repositories/blobs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                stored += Files.size(file);
            }
        }
        // Four copies of 8 MB were uploaded.
        assertThat(stored).isBetween(8L << 20, 10L << 20);
    }

    @Test
    void theCacheIsSharedWithThePythonClient() throws Exception {
        Path cache = folder.resolve("hf/hub");
        HubClient hub =
                HubClient.of(
                        HubSettings.of(Map.of())
                                .withEndpoint(server.uri().toString())
                                .withToken(TOKEN)
                                .withCache(cache));
        RepoId fetched = RepoId.model("jebena/fetched");
        Path model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.write(model.resolve("weights.bin"), new byte[2_000_000]);
        hub.create(fetched, false);
        hub.upload(fetched, model, "", UploadOptions.defaults(), ProgressListener.none());
        hub.snapshot(fetched, SnapshotOptions.defaults(), ProgressListener.none());

        Path theirs = Path.of(script("shared_cache.py"));

        HubClient offline = HubClient.of(hub.settings().withOffline(true));
        RepoId id = RepoId.model("jebena/theirs");
        assertThat(offline.snapshot(id, SnapshotOptions.defaults(), ProgressListener.none()))
                .isEqualTo(theirs);
        assertThat(theirs.resolve("README.md")).hasContent("# Theirs");
    }

    /// The last line of a Python script that lies beside the tests.
    private String script(String name) throws Exception {
        Path clients = ConformanceTest.CACHE.resolve("clients");
        Path python = clients.resolve(".venv/bin/python");
        assumeTrue(Files.exists(python), "no Python clients at " + python);
        Path script = Path.of("src/test/resources", name).toAbsolutePath();
        ProcessBuilder builder =
                new ProcessBuilder(python.toString(), script.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("HF_ENDPOINT", server.uri().toString().replaceAll("/$", ""));
        builder.environment().put("HF_TOKEN", TOKEN);
        builder.environment().put("HF_HOME", folder.resolve("hf").toString());
        builder.environment().put("HF_HUB_DISABLE_PROGRESS_BARS", "1");
        return lastLine(builder);
    }

    private static boolean exists(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + program)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /// The closing line over all scripts.
    ///
    /// @param noXet value of HF_HUB_DISABLE_XET; empty for the scripts' own choice
    private String run(String noXet, String... scripts) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("bash", SCRIPTS.resolve("run.sh").toString()));
        command.addAll(List.of(scripts));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JEBENA_URL", server.uri().toString().replaceAll("/$", ""));
        builder.environment().put("JEBENA_HF_TOKEN", TOKEN);
        builder.environment().put("JEBENA_SKIP", "registry");
        builder.environment()
                .put("JEBENA_CLIENTS_HOME", ConformanceTest.CACHE.resolve("clients").toString());
        if (!noXet.isEmpty()) {
            builder.environment().put("HF_HUB_DISABLE_XET", noXet);
        }
        return lastLine(builder);
    }

    private static String lastLine(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        process.getOutputStream().close();
        String last = "";
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                System.out.println("  " + line);
                last = line;
            }
        }
        process.waitFor();
        return last;
    }
}
