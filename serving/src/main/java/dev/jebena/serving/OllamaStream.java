package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// The lines of one of Ollama's streamed replies.
@FunctionalInterface
interface OllamaStream {
    void writeTo(HttpStream stream) throws IOException;

    /// Answers with these lines. What fails after the first of them can have no status any more: it
    /// becomes the last line.
    static void answer(HttpExchange exchange, OllamaStream lines) throws IOException {
        HttpStream stream = exchange.stream(200, "application/x-ndjson");
        try {
            lines.writeTo(stream);
        } catch (UncheckedIOException e) {
            // The client is gone.
            throw e.getCause();
        } catch (RuntimeException e) {
            stream.line(OllamaFields.error(EngineErrors.of(e)));
        }
        stream.end();
    }
}
