package dev.jebena.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The client with servers of revision 2026-07-28, and with those that do not know it.
class StatelessClientTest {
    private static final String DISCOVERED =
            """
            {"supportedVersions":["2026-07-28"],"resultType":"complete","instructions":"Ask.",
            "capabilities":{"tools":{"listChanged":true}},
            "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"peer","version":"1"}}}\
            """;

    private final List<String> logged = new ArrayList<>();
    private final McpClientOptions options =
            McpClientOptions.defaults()
                    .roots(List.of(Path.of("/tmp")))
                    .listener(
                            new McpListener() {
                                @Override
                                public void log(String level, String text) {
                                    logged.add(text);
                                }
                            });

    private static Map<String, @Nullable Object> json(String text) {
        return McpJson.map(
                McpJson.message("{\"jsonrpc\":\"2.0\",\"value\":" + text + "}"), "value");
    }

    /// A server that answers a method with the JSON of a result.
    private static ScriptedTransport server(UnaryOperator<String> results) {
        return new ScriptedTransport((sent, out) -> {
            Object id = sent.message().get("id");
            String method = McpJson.string(sent.message(), "method", "");
            if (id != null && !method.equals("subscriptions/listen")) {
                String result =
                        method.equals("server/discover") ? DISCOVERED : results.apply(method);
                out.accept(McpJson.result(id, json(result)));
            }
        });
    }

    private McpClient connect(ScriptedTransport transport) {
        return McpClient.connect(transport, "peer", options);
    }

    @Test
    void everyRequestSaysWhatItIs() {
        ScriptedTransport transport =
                server(_ -> "{\"content\":[{\"type\":\"text\",\"text\":\"5\"}]}");
        try (McpClient client = connect(transport)) {
            assertThat(client.protocolVersion()).isEqualTo("2026-07-28");
            assertThat(client.serverName()).isEqualTo("peer");
            assertThat(client.instructions()).isEqualTo("Ask.");
            assertThat(client.call("add é", Map.of("a", 1)).text()).isEqualTo("5");
        }
        assertThat(transport.sent)
                .extracting(sent -> sent.message().get("method"))
                .containsExactly("server/discover", "subscriptions/listen", "tools/call");
        assertThat(transport.sent(-1).headers())
                .containsEntry("MCP-Protocol-Version", "2026-07-28")
                .containsEntry("Mcp-Method", "tools/call")
                .containsEntry("Mcp-Name", "=?base64?YWRkIMOp?=");
        Map<String, @Nullable Object> meta =
                McpJson.map(McpJson.map(transport.sent(-1).message(), "params"), "_meta");
        assertThat(meta)
                .containsEntry("io.modelcontextprotocol/protocolVersion", "2026-07-28")
                .containsKeys(
                        "progressToken",
                        "io.modelcontextprotocol/clientInfo",
                        "io.modelcontextprotocol/clientCapabilities");
    }

    @Test
    void whatAServerStillWantsToKnowComesWithTheNextTry() {
        int[] calls = new int[1];
        ScriptedTransport transport =
                server(_ ->
                        calls[0]++ == 0
                                ? """
                                {"resultType":"input_required","requestState":"s1",
                                "inputRequests":{"where":{"method":"roots/list","params":{}}}}\
                                """
                                : "{\"content\":[],\"resultType\":\"complete\"}");
        try (McpClient client = connect(transport)) {
            client.call("look", Map.of());
        }
        Map<String, @Nullable Object> again = McpJson.map(transport.sent(-1).message(), "params");
        assertThat(again).containsEntry("requestState", "s1").containsEntry("name", "look");
        assertThat(McpJson.text(again.get("inputResponses"))).contains("where", "file:///tmp");
        assertThat(transport.sent(-1).message().get("id"))
                .isNotEqualTo(transport.sent(-2).message().get("id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"resultType\":\"input_required\",\"requestState\":\"s\"} | without end",
                "{\"resultType\":\"later\"} | of type later",
                "{\"resultType\":\"input_required\",\"inputRequests\":{\"x\":{\"method\":\"elicitation/create\"}}} | does not answer elicitation/create"
            })
    void whatCannotBeAnsweredEndsTheCall(String result, String message) {
        try (McpClient client = connect(server(_ -> result))) {
            assertThatThrownBy(() -> client.call("look", Map.of()))
                    .isInstanceOf(McpException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void argumentsGoIntoTheHeadersThatTheirToolNames() {
        String tools =
                """
                {"tools":[
                {"name":"sql","inputSchema":{"type":"object","properties":{
                  "region":{"type":"string","x-mcp-header":"Region"},
                  "page":{"type":"object","properties":{"size":{"type":"integer","x-mcp-header":"Size"}}},
                  "dry":{"type":"boolean","x-mcp-header":"Dry"}}}},
                {"name":"bad","inputSchema":{"type":"object","properties":{
                  "list":{"type":"array","items":{"type":"string","x-mcp-header":"X"}}}}},
                {"name":"worse","inputSchema":{"type":"object","properties":{
                  "a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}},
                {"name":"number","inputSchema":{"type":"object","properties":{
                  "a":{"type":"number","x-mcp-header":"A"}}}},
                {"name":"header","inputSchema":{"type":"object","properties":{
                  "a":{"type":"string","x-mcp-header":"A\\r\\nB"}}}}]}\
                """;
        ScriptedTransport transport =
                server(method -> method.equals("tools/list") ? tools : "{\"content\":[]}");
        try (McpClient client = connect(transport)) {
            assertThat(client.tools()).extracting(McpTool::name).containsExactly("sql");
            assertThat(logged).hasSize(4).allMatch(line -> line.contains("is left out"));
            client.call("sql", Map.of("region", " padded ", "page", Map.of("size", 42)));
        }
        assertThat(transport.sent(-1).headers())
                .containsEntry("Mcp-Param-Region", "=?base64?IHBhZGRlZCA=?=")
                .containsEntry("Mcp-Param-Size", "42")
                .doesNotContainKey("Mcp-Param-Dry");
    }

    /// The kinds of refusals that older servers have for a request that they do not know.
    @ParameterizedTest
    @ValueSource(ints = {-32601, -32602, -32600, -32000, 0})
    void anOlderServerGetsTheHandshake(int code) {
        ScriptedTransport transport =
                new ScriptedTransport((sent, out) -> {
                    Object id = sent.message().get("id");
                    if ("server/discover".equals(sent.message().get("method"))) {
                        out.accept(McpJson.error(id, new McpException(code, "what?")));
                    } else if (id != null) {
                        out.accept(
                                McpJson.result(
                                        id,
                                        json(
                                                "{\"protocolVersion\":\"2025-06-18\","
                                                        + "\"capabilities\":{},\"serverInfo\":{\"name\":\"old\"}}")));
                    }
                });
        try (McpClient client = connect(transport)) {
            assertThat(client.protocolVersion()).isEqualTo("2025-06-18");
            client.ping();
        }
        assertThat(transport.sent)
                .extracting(sent -> sent.message().get("method"))
                .containsExactly(
                        "server/discover", "initialize", "notifications/initialized", "ping");
        assertThat(transport.sent(-1).headers()).isEmpty();
    }
}
