package dev.jebena.mcp;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a client's messages reach a server.
interface McpTransport extends AutoCloseable {
    /// Begins; from now on messages of the server go to `inbox`, and the end of the connection,
    /// with its reason, to `ended`.
    void start(Consumer<Map<String, @Nullable Object>> inbox, Consumer<McpException> ended);

    /// Sends one message. What goes wrong is thrown, or told to `ended`.
    ///
    /// @param headers for transports that have any
    void send(Map<String, @Nullable Object> message, Map<String, String> headers);

    default void send(Map<String, @Nullable Object> message) {
        send(message, Map.of());
    }

    /// Whether giving up the answer of a request is all that cancels it.
    default boolean abandon(Object id) {
        return false;
    }

    /// The revision is agreed on: messages that follow are of it.
    default void agreed(String version) {}

    @Override
    void close();
}
