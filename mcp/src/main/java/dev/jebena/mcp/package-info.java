/// The Model Context Protocol: tools that a program offers to language models, over standard input
/// and output or over HTTP.
///
/// [McpClient] calls the tools of a server; [McpServer] describes what we offer, and
/// [McpStdioServer] and [McpRoutes] serve it.
///
/// ```java
/// try (McpClient client = McpClient.connect(McpServerAddress.command("python", "tools.py"))) {
///     IO.println(client.call("add", Map.of("a", 1, "b", 2)).text());
/// }
/// ```
@NullMarked
package dev.jebena.mcp;

import org.jspecify.annotations.NullMarked;
