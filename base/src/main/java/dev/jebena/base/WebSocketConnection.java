package dev.jebena.base;

import java.io.IOException;

/// The sending side of a websocket. Safe for use by many threads.
public interface WebSocketConnection {
    /// Sends one text message; returns when it is on the wire. Throws [IOException] when the other
    /// side is gone.
    void send(String text) throws IOException;

    /// Ends the connection.
    ///
    /// @param status 1000 for a normal end, 1008 for a broken rule, 1009 for too much
    void close(int status, String reason);
}
