package dev.jebena.mcp;

/// Hears what a server says of itself. Methods are called on threads of the client and must not
/// call it back.
public interface McpListener {
    /// A log message.
    ///
    /// @param level `debug`, `info`, `notice`, `warning`, `error`, `critical`, `alert`, `emergency`
    default void log(String level, String text) {}

    /// The list of tools is another one now.
    default void toolsChanged() {}

    /// How far the running call is.
    ///
    /// @param total negative when not known
    default void progress(double done, double total, String message) {}

    /// A listener that hears nothing.
    static McpListener none() {
        return new McpListener() {};
    }
}
