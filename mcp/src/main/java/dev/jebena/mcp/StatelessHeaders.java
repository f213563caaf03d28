package dev.jebena.mcp;

import dev.jebena.base.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What revision 2026-07-28 asks of a request's `_meta` and of the headers that repeat its body,
/// for servers and clients.
final class StatelessHeaders {
    private static final String PREFIX = "io.modelcontextprotocol/";
    static final String SERVER = PREFIX + "serverInfo";
    private static final String CAPABILITIES = PREFIX + "clientCapabilities";

    private StatelessHeaders() {}

    /// What is wrong with the request; null when nothing is.
    static @Nullable McpException problem(
            HttpExchange exchange,
            Map<String, @Nullable Object> message,
            Map<String, @Nullable Object> params) {
        String version = McpSession.requestVersion(params);
        if (version == null || !McpJson.map(params, "_meta").containsKey(CAPABILITIES)) {
            return new McpException(
                    McpException.INVALID_PARAMS,
                    "params._meta needs io.modelcontextprotocol/protocolVersion and "
                            + CAPABILITIES);
        }
        String method = McpJson.string(message, "method", "");
        String named = McpJson.string(params, method.equals("resources/read") ? "uri" : "name");
        boolean nameCounts = method.equals("tools/call") || method.equals("resources/read");
        for (String[] pair :
                new String[][] {
                    {"MCP-Protocol-Version", version},
                    {"Mcp-Method", method},
                    {"Mcp-Name", nameCounts && named != null ? named : ""}
                }) {
            String sent = decoded(exchange.header(pair[0]));
            if (!pair[1].isEmpty() && !pair[1].equals(sent)) {
                return new McpException(
                        McpException.HEADER_MISMATCH,
                        "the header " + pair[0] + " is " + sent + ", the body says " + pair[1]);
            }
        }
        if (!version.equals(McpVersions.STATELESS)) {
            return new McpException(
                    McpException.UNSUPPORTED_VERSION,
                    "Unsupported protocol version",
                    McpJson.object(
                            "supported", List.of(McpVersions.STATELESS), "requested", version),
                    null);
        }
        return null;
    }

    /// The `_meta` of a request.
    static Map<String, @Nullable Object> meta(McpClientOptions options) {
        return McpJson.object(
                PREFIX + "protocolVersion",
                McpVersions.STATELESS,
                PREFIX + "clientInfo",
                McpJson.object("name", options.name(), "version", options.version()),
                CAPABILITIES,
                McpJson.object("roots", McpJson.object()),
                PREFIX + "logLevel",
                "info");
    }

    /// The headers of a request.
    ///
    /// @param arguments those for arguments of a tool
    static Map<String, String> of(Map<String, ?> message, Map<String, String> arguments) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("MCP-Protocol-Version", McpVersions.STATELESS);
        headers.put("Mcp-Method", McpJson.string(message, "method", ""));
        String name = McpJson.string(McpJson.map(message, "params"), "name");
        if (name != null) {
            headers.put("Mcp-Name", encoded(name));
        }
        arguments.forEach((header, value) -> headers.put(header, encoded(value)));
        return headers;
    }

    private static String encoded(String value) {
        boolean plain =
                value.matches("[\\x21-\\x7e]([\\x20-\\x7e\\t]*[\\x21-\\x7e])?")
                        && !(value.startsWith("=?base64?") && value.endsWith("?="));
        return plain
                ? value
                : "=?base64?"
                        + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
                        + "?=";
    }

    /// Names that a header cannot hold come as `=?base64?...?=`.
    private static @Nullable String decoded(@Nullable String header) {
        if (header == null || !header.startsWith("=?base64?") || !header.endsWith("?=")) {
            return header;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(9, header.length() - 2));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return header;
        }
    }
}
