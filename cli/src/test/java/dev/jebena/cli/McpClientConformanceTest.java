package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.mcp.McpClient;
import dev.jebena.mcp.McpClientOptions;
import dev.jebena.mcp.McpException;
import dev.jebena.mcp.McpListener;
import dev.jebena.mcp.McpServerAddress;
import dev.jebena.mcp.McpTool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our client with servers of the official SDKs of the Model Context Protocol.
@Tag("slow")
class McpClientConformanceTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void needsThePeers() {
        assumeTrue(McpPeers.available(), "python3 and npm are needed");
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private final McpListener listener =
            new McpListener() {
                @Override
                public void log(String level, String text) {
                    heard.add(level + " " + text);
                }

                @Override
                public void toolsChanged() {
                    changes.incrementAndGet();
                }

                @Override
                public void progress(double done, double total, String message) {
                    heard.add(message);
                }
            };

    static List<String> server(String language, String where) throws Exception {
        if (language.contains("python")) {
            return List.of(
                    McpPeers.python().toString(),
                    McpPeers.script("mcp_server_py.py").toString(),
                    where);
        }
        Path script =
                Files.copy(
                        McpPeers.script("mcp_server_node.mjs"),
                        McpPeers.node().resolve("mcp_server_node.mjs"),
                        StandardCopyOption.REPLACE_EXISTING);
        return List.of("node", script.toString(), where);
    }

    private McpServerAddress address(String language, String transport) throws Exception {
        if (transport.equals("stdio")) {
            return new McpServerAddress.Command(server(language, "stdio"), Map.of(), null);
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        started.add(
                new ProcessBuilder(server(language, String.valueOf(port)))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
        for (int i = 0; !accepts(port) && i < 200; i++) {
            Thread.sleep(100);
        }
        return McpServerAddress.http("http://127.0.0.1:" + port + "/mcp");
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    /// @param language `older ...` begins with a handshake all the same
    private McpClient connect(String language, String transport, Duration limit) throws Exception {
        McpServerAddress address = address(language, transport);
        McpClientOptions options =
                McpClientOptions.defaults()
                        .handshake(language.startsWith("older"))
                        .listener(listener)
                        .requestTime(limit)
                        .roots(List.of(Path.of("/tmp")));
        McpClient client = McpClient.connect(address, options);
        assertThat(client.protocolVersion())
                .isEqualTo(language.equals("python") ? "2026-07-28" : "2025-11-25");
        return client;
    }

    @ParameterizedTest
    @CsvSource({
        "python, stdio",
        "python, http",
        "older python, stdio",
        "older python, http",
        "node, stdio",
        "node, http"
    })
    void toolsAreListedAndCalled(String language, String transport) throws Exception {
        try (McpClient client = connect(language, transport, Duration.ofSeconds(30))) {
            assertThat(client.serverName()).isEqualTo("peer");
            assertThat(client.tools()).extracting(McpTool::name).contains("add", "slow", "fail");
            assertThat(client.call("add", Map.of("a", 2, "b", 3)).text()).isEqualTo("5");
            assertThat(client.call("slow", Map.of("steps", 3)).text()).isEqualTo("done");
            assertThat(heard).contains("step 1", "step 2", "step 3");
            assertThat(client.call("fail", Map.of()).error()).isTrue();
            assertThat(client.call("fail", Map.of()).text()).contains("it is broken");
            assertThat(client.call("add", Map.of("a", "x")).error()).isTrue();
            client.ping();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "python, stdio",
        "python, http",
        "older python, stdio",
        "older python, http",
        "node, stdio",
        "node, http"
    })
    void changesLogsAndRootsGoBothWays(String language, String transport) throws Exception {
        try (McpClient client = connect(language, transport, Duration.ofSeconds(30))) {
            client.call("grow", Map.of());
            for (int i = 0; changes.get() == 0 && i < 100; i++) {
                Thread.sleep(50);
            }
            assertThat(changes).hasPositiveValue();
            assertThat(heard).contains("warning grown");
            assertThat(client.tools()).extracting(McpTool::name).contains("grown");
            // Over HTTP a server's own requests come with the answer or over the standing stream.
            assertThat(client.call("roots", Map.of()).text()).startsWith("file:///tmp");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "python, stdio",
        "python, http",
        "older python, stdio",
        "older python, http",
        "node, stdio",
        "node, http"
    })
    void progressKeepsACallAliveAndSilenceEndsIt(String language, String transport)
            throws Exception {
        try (McpClient client = connect(language, transport, Duration.ofMillis(800))) {
            assertThat(client.call("slow", Map.of("steps", 15)).text()).isEqualTo("done");
            client.ping();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "node"})
    void aServerThatCrashesIsNamedWithItsLastWords(String language) throws Exception {
        try (McpClient client = connect(language, "stdio", Duration.ofSeconds(30))) {
            assertThatThrownBy(() -> client.call("crash", Map.of()))
                    .isInstanceOf(McpException.class)
                    .hasMessageContaining("ended with exit code 3")
                    .hasMessageContaining("last words");
            assertThatThrownBy(client::ping).isInstanceOf(McpException.class);
            assertThat(client.end()).isPresent();
        }
    }
}
