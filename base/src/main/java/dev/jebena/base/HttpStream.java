package dev.jebena.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A reply in pieces, each on the wire when its method returns. Never compressed. An [IOException]
/// means that the client is gone.
public final class HttpStream implements AutoCloseable {
    private final HttpExchange exchange;

    HttpStream(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /// One server-sent event without a name.
    public void event(Object json) throws IOException {
        write("data: " + HttpJson.text(json) + "\n\n");
    }

    /// One named server-sent event.
    public void event(String name, Object json) throws IOException {
        write("event: " + name + "\ndata: " + HttpJson.text(json) + "\n\n");
    }

    /// One line of NDJSON.
    public void line(@Nullable Object json) throws IOException {
        write(HttpJson.text(json) + "\n");
    }

    public void write(String text) throws IOException {
        exchange.write(false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    public void write(byte[] bytes, int offset, int count) throws IOException {
        exchange.write(false, ByteBuffer.wrap(bytes, offset, count));
    }

    /// Ends the reply.
    public void end() throws IOException {
        if (!exchange.ended()) {
            exchange.write(true, ByteBuffer.allocate(0));
        }
    }

    /// Ends the reply like [#end].
    @Override
    public void close() throws IOException {
        end();
    }
}
