package dev.jebena.base;

import java.io.IOException;

/// Answers one request; called on a virtual thread, may block. An [HttpException] or [Problem]
/// becomes an error reply, an [IOException] means that the client is gone, anything else becomes
/// status 500.
@FunctionalInterface
public interface HttpHandler {
    void handle(HttpExchange exchange) throws IOException;
}
