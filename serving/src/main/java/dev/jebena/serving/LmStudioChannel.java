package dev.jebena.serving;

import dev.jebena.base.HttpJson;
import dev.jebena.base.InnerExchange;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One channel of a websocket.
final class LmStudioChannel {
    /// Sends one message of the channel to the client.
    @FunctionalInterface
    interface Sender {
        void send(Map<String, @Nullable Object> message) throws IOException;
    }

    private final Sender sender;
    private final InnerExchange exchange;

    /// @param exchange stands for the request in the engine
    LmStudioChannel(Sender sender, InnerExchange exchange) {
        this.sender = sender;
        this.exchange = exchange;
    }

    void send(String type, @Nullable Object... keysAndValues) throws IOException {
        Map<String, @Nullable Object> message = HttpJson.object("type", type);
        message.putAll(HttpJson.object(keysAndValues));
        sender.send(message);
    }

    InnerExchange exchange() {
        return exchange;
    }

    /// Ends what is being computed for the channel.
    void cancel() {
        exchange.cancel();
    }
}
