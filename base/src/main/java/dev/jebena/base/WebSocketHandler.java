package dev.jebena.base;

/// What a program does with a websocket. One at a time is called, on a virtual thread, in the order
/// of arrival; may block.
public interface WebSocketHandler {
    /// The connection is open.
    void opened(WebSocketConnection connection);

    /// A text message has come.
    void received(String text);

    /// The connection has ended, whoever ended it. Called once, also after a failure.
    void closed();
}
