package dev.jebena.mcp;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a server is: a program to start, or an address.
public sealed interface McpServerAddress {
    /// A program that talks over its standard input and output.
    ///
    /// @param environment added to our own
    /// @param folder where it runs; null for ours
    record Command(List<String> words, Map<String, String> environment, @Nullable Path folder)
            implements McpServerAddress {
        public Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }
    }

    /// A server of the streamable HTTP transport.
    ///
    /// @param headers sent with every request, such as `Authorization`
    record Http(URI uri, Map<String, String> headers) implements McpServerAddress {
        public Http {
            headers = Map.copyOf(headers);
        }
    }

    static McpServerAddress command(String... words) {
        return new Command(List.of(words), Map.of(), null);
    }

    static McpServerAddress http(String uri) {
        URI parsed;
        try {
            parsed = URI.create(uri);
        } catch (IllegalArgumentException e) {
            throw new McpException(McpException.INVALID_PARAMS, "no address: " + uri, e);
        }
        if (parsed.getHost() == null) {
            throw new McpException(McpException.INVALID_PARAMS, "no address: " + uri);
        }
        return new Http(parsed, Map.of());
    }

    /// An address as users write it: `http://...`, or a command with its arguments, quoted as in a
    /// shell where they hold spaces.
    static McpServerAddress parse(String text) {
        String stripped = text.strip();
        if (stripped.matches("https?://.*")) {
            return http(stripped);
        }
        List<String> words = words(stripped);
        if (words.isEmpty()) {
            throw new McpException(
                    McpException.INVALID_PARAMS,
                    "an MCP server is a command or an address http://..., found nothing");
        }
        return new Command(words, Map.of(), null);
    }

    /// A short name for messages.
    default String label() {
        return switch (this) {
            case Command command ->
                    String.valueOf(Path.of(command.words().getFirst()).getFileName());
            case Http http -> http.uri().getAuthority();
        };
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
                continue;
            }
            inWord = true;
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            throw new McpException(
                    McpException.INVALID_PARAMS, "the quote " + quote + " is not closed: " + text);
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
