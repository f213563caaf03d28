package dev.jebena.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class McpConfigurationTest {
    @TempDir Path folder;

    private Map<String, McpServerAddress> read(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("servers.json"), json);
        return McpConfiguration.read(file, Map.of("TOKEN", "t$1", "HOME", "/home/me"));
    }

    @Test
    void theFileOfOtherClientsIsRead() throws IOException {
        Map<String, McpServerAddress> servers =
                read(
                        """
                        {"mcpServers": {
                          "time": {"command": "uvx", "args": ["time", "--zone", "${ZONE:-UTC}"],
                                   "env": {"A": "${TOKEN}"}, "cwd": "${HOME}/work"},
                          "search": {"type": "streamable-http", "url": "https://example.com/mcp",
                                     "headers": {"Authorization": "Bearer ${env:TOKEN}"}},
                          "plain": {"url": "http://127.0.0.1:8000/mcp"},
                          "off": {"command": "x", "disabled": true}
                        }}
                        """);
        assertThat(servers).containsOnlyKeys("time", "search", "plain");
        assertThat(servers.get("time"))
                .isEqualTo(
                        new McpServerAddress.Command(
                                List.of("uvx", "time", "--zone", "UTC"),
                                Map.of("A", "t$1"),
                                Path.of("/home/me/work")));
        assertThat(servers.get("search"))
                .isEqualTo(
                        new McpServerAddress.Http(
                                URI.create("https://example.com/mcp"),
                                Map.of("Authorization", "Bearer t$1")));
    }

    @Test
    void allProblemsAreToldTogether() {
        assertThatThrownBy(() ->
                        read(
                                """
                                {"mcpServers": {
                                  "a": {"command": "${NOPE}"}, "b": {"type": "sse", "url": "http://x/"},
                                  "c": {"url": "ftp://x"}, "d": 1, "e": {}, "f": {"type": "tcp"},
                                  "g": {"command": "x", "args": "y", "env": []}
                                }}
                                """))
                .isInstanceOf(McpException.class)
                .hasMessageContainingAll(
                        "servers.json",
                        "a: the environment has no NOPE",
                        "b: the transport sse",
                        "c: url is no address: ftp://x",
                        "d: expected an object",
                        "e: expected a command or a url",
                        "f: type is tcp; expected stdio or http",
                        "g: args is no array",
                        "g: env is no object");
        assertThatThrownBy(() -> read("[]")).hasMessageContaining("mcpServers");
        assertThatThrownBy(() -> read("{\"mcpServers\": {")).hasMessageContaining("not valid JSON");
    }

    @Test
    void anAddressIsACommandOrAUrl() {
        assertThat(McpServerAddress.parse("npx -y 'a b' \"c\\\"d\" e\\ f"))
                .isEqualTo(McpServerAddress.command("npx", "-y", "a b", "c\"d", "e f"));
        assertThat(McpServerAddress.parse(" http://localhost:1/mcp "))
                .isEqualTo(McpServerAddress.http("http://localhost:1/mcp"));
        assertThat(McpServerAddress.parse("/opt/x/serve --port 1").label()).isEqualTo("serve");
        assertThatThrownBy(() -> McpServerAddress.parse(" ")).hasMessageContaining("found nothing");
        assertThatThrownBy(() -> McpServerAddress.parse("a 'b")).hasMessageContaining("not closed");
        assertThatThrownBy(() -> McpServerAddress.parse("http://"))
                .hasMessageContaining("no address");
    }
}
