package dev.jebena.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Server-sent events (WHATWG HTML, section 9.2) of a stream.
final class EventStreamReader {
    /// @param id the last event id so far; null when there was none
    /// @param data lines of data, joined
    record Event(@Nullable String id, String name, String data) {}

    private final LineReader lines;
    private @Nullable String lastId;
    private long retryMillis = 1000;

    EventStreamReader(InputStream in) {
        lines = new LineReader(in);
    }

    @Nullable String lastId() {
        return lastId;
    }

    /// How long to wait before the stream is taken up again.
    long retryMillis() {
        return retryMillis;
    }

    /// The next event with data; null at the end.
    @Nullable Event next() throws IOException {
        StringBuilder data = new StringBuilder();
        String name = "message";
        for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
            String line = new String(bytes, StandardCharsets.UTF_8);
            if (line.endsWith("\r")) {
                line = line.substring(0, line.length() - 1);
            }
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    return new Event(lastId, name, data.substring(0, data.length() - 1));
                }
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "data" -> data.append(value).append('\n');
                case "event" -> name = value;
                case "id" -> lastId = value;
                case "retry" -> {
                    if (value.matches("[0-9]{1,5}")) {
                        retryMillis = Long.parseLong(value);
                    }
                }
                default -> {
                    // A comment, or what a later version knows.
                }
            }
            if (data.length() > LineReader.LIMIT) {
                throw new IOException("an event is longer than " + LineReader.LIMIT);
            }
        }
        return null;
    }
}
