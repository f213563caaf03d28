package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.PullOptions;
import dev.jebena.json.Json;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The official SDKs of the Model Context Protocol, as clients of ours.
@Tag("slow")
class McpConformanceTest {
    private static final Path HOME = McpPeers.CACHE.resolve("conformance-home");

    private static JebenaServer server;

    @BeforeAll
    static void start() {
        assumeTrue(McpPeers.available(), "python3 and npm are needed");
        Hub hub = Hub.open(HOME);
        for (String model : List.of("smollm2", "minilm")) {
            hub.obtain(
                    model, PullOptions.defaults().withAcceptLicense(true), ProgressListener.none());
        }
        server =
                JebenaServer.start(
                        ServingOptions.defaults().http(HttpServerOptions.defaults().port(0)), hub);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void thePythonSdkCallsOurTools() throws Exception {
        assertPasses(
                List.of(McpPeers.python().toString(), McpPeers.script("mcp_py.py").toString()));
    }

    @Test
    void theTypeScriptSdkCallsOurTools() throws Exception {
        Path folder = McpPeers.node();
        Path script =
                Files.copy(
                        McpPeers.script("mcp_node.mjs"),
                        folder.resolve("mcp_node.mjs"),
                        StandardCopyOption.REPLACE_EXISTING);
        assertPasses(List.of("node", script.toString()));
    }

    private static void assertPasses(List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "JEBENA_HOME",
                                HOME.toString(),
                                "JEBENA_URL",
                                server.uri().toString(),
                                "TOOLS_COMMAND",
                                Json.write(
                                        new ArrayList<Object>(McpPeers.jebena("mcp", "serve")))));
        Process process = builder.start();
        process.getOutputStream().close();
        List<String> lines = process.inputReader().lines().filter(l -> !l.isBlank()).toList();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lines).as("%s", lines).noneMatch(line -> line.startsWith("FAIL"));
        assertThat(lines.getLast()).matches("[1-9][0-9]* passed, 0 failed");
    }
}
