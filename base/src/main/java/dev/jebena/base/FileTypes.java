package dev.jebena.base;

import java.net.URLConnection;
import java.util.Map;

/// The media types under which stored files are sent.
public final class FileTypes {
    /// Types that the JDK does not know by the name.
    private static final Map<String, String> TYPES =
            Map.of(
                    "json", "application/json",
                    "yaml", "text/plain",
                    "yml", "text/plain",
                    "md", "text/plain",
                    "csv", "text/csv",
                    "log", "text/plain",
                    "svg", "image/svg+xml",
                    "py", "text/plain");

    private FileTypes() {}

    /// By the ending of the name; a page is sent as text, since a page of somebody else's must not
    /// run with this server's rights.
    public static String of(String name) {
        String known = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        String guessed = known == null ? URLConnection.guessContentTypeFromName(name) : known;
        return guessed == null
                ? "application/octet-stream"
                : guessed.equals("text/html") ? "text/plain" : guessed;
    }
}
