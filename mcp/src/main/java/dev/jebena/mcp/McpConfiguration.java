package dev.jebena.mcp;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Servers of a file in the form that clients of the protocol share:
///
/// ```json
/// {"mcpServers": {
///   "files": {"command": "npx", "args": ["server-files", "."], "env": {"KEY": "${MY_KEY}"}},
///   "search": {"type": "http", "url": "https://example.com/mcp", "headers": {"Authorization": "Bearer ${TOKEN}"}}
/// }}
/// ```
///
/// `${NAME}` and `${NAME:-otherwise}` stand for variables of the environment. All problems of a
/// file are told together.
public final class McpConfiguration {
    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    private McpConfiguration(Map<String, String> environment) {
        this.environment = environment;
    }

    /// The servers of `file` by name, without those that are `disabled`.
    public static Map<String, McpServerAddress> read(Path file, Map<String, String> environment)
            throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw wrong(file, List.of("the file is larger than " + MAX_BYTES + " bytes"));
        }
        Map<String, @Nullable Object> root;
        try {
            root = McpJson.map(dev.jebena.base.HttpJson.parse(Files.readAllBytes(file)));
        } catch (dev.jebena.base.HttpException e) {
            throw wrong(file, List.of(e.message().replace("The request body", "the file")));
        }
        Map<String, @Nullable Object> servers =
                root == null
                        ? null
                        : McpJson.map(
                                root.get(root.containsKey("servers") ? "servers" : "mcpServers"));
        if (servers == null) {
            throw wrong(file, List.of("expected an object with \"mcpServers\""));
        }
        McpConfiguration reader = new McpConfiguration(environment);
        Map<String, McpServerAddress> found = new LinkedHashMap<>();
        servers.forEach((name, value) -> {
            McpServerAddress address = reader.server(name, McpJson.map(value));
            if (address != null) {
                found.put(name, address);
            }
        });
        if (!reader.problems.isEmpty()) {
            throw wrong(file, reader.problems);
        }
        return found;
    }

    private static McpException wrong(Path file, List<String> problems) {
        return new McpException(
                McpException.INVALID_PARAMS, file + ":\n" + String.join("\n", problems));
    }

    private @Nullable McpServerAddress server(
            String name, @Nullable Map<String, @Nullable Object> fields) {
        if (fields == null) {
            problems.add(name + ": expected an object with command or url");
            return null;
        }
        if (Boolean.TRUE.equals(fields.get("disabled"))) {
            return null;
        }
        String command = McpJson.string(fields, "command");
        String url = McpJson.string(fields, "url");
        String type =
                McpJson.string(fields, "type", command != null ? "stdio" : "http")
                        .replace("streamable-http", "http")
                        .replace("streamableHttp", "http");
        switch (type) {
            case "stdio" -> {
                if (command != null && !command.isBlank()) {
                    return command(name, command, fields);
                }
                problems.add(name + ": a server of type stdio needs a command");
            }
            case "http" -> {
                if (url != null) {
                    return http(name, url, fields);
                }
                problems.add(name + ": expected a command or a url");
            }
            case "sse" ->
                    problems.add(
                            name
                                    + ": the transport sse of revision 2024-11-05 is not supported;"
                                    + " use the server's streamable HTTP address with type http");
            default -> problems.add(name + ": type is " + type + "; expected stdio or http");
        }
        return null;
    }

    private McpServerAddress command(
            String name, String command, Map<String, @Nullable Object> fields) {
        List<String> words = new ArrayList<>(List.of(expanded(name, command)));
        switch (fields.get("args")) {
            case null -> {}
            case List<?> list -> list.forEach(a -> words.add(expanded(name, String.valueOf(a))));
            default -> problems.add(name + ": args is no array");
        }
        String folder = McpJson.string(fields, "cwd");
        return new McpServerAddress.Command(
                words,
                texts(name, fields, "env"),
                folder == null ? null : Path.of(expanded(name, folder)));
    }

    private @Nullable McpServerAddress http(
            String name, String url, Map<String, @Nullable Object> fields) {
        String address = expanded(name, url);
        try {
            URI uri = URI.create(address);
            if (address.matches("https?://.*") && uri.getHost() != null) {
                return new McpServerAddress.Http(uri, texts(name, fields, "headers"));
            }
        } catch (IllegalArgumentException _) {
            // Told below, like an address of another kind.
        }
        problems.add(name + ": url is no address: " + address);
        return null;
    }

    private Map<String, String> texts(
            String name, Map<String, @Nullable Object> fields, String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        Object value = fields.get(field);
        if (value != null && McpJson.map(value) == null) {
            problems.add(name + ": " + field + " is no object");
        }
        McpJson.map(fields, field)
                .forEach((key, text) -> texts.put(key, expanded(name, String.valueOf(text))));
        return texts;
    }

    private String expanded(String name, String text) {
        return VARIABLE.matcher(text)
                .replaceAll((MatchResult m) -> {
                    String value = environment.getOrDefault(m.group(1), m.group(2));
                    if (value == null) {
                        problems.add(name + ": the environment has no " + m.group(1));
                        return "";
                    }
                    return Matcher.quoteReplacement(value);
                });
    }
}
