package dev.jebena.serving;

import dev.jebena.base.HttpStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of a response that is made in the background, for readers that come and go.
final class ResponseEvents {
    private final List<Map<String, @Nullable Object>> events = new ArrayList<>();
    private boolean ended;

    synchronized void add(Map<String, @Nullable Object> event) {
        events.add(event);
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized List<Map<String, @Nullable Object>> all() {
        return List.copyOf(events);
    }

    /// Sends the events behind this number, and those to come, until the last one.
    void follow(HttpStream stream, int startingAfter) throws IOException {
        int next = startingAfter + 1;
        for (List<Map<String, @Nullable Object>> some = from(next);
                !some.isEmpty();
                some = from(next)) {
            send(stream, some);
            next += some.size();
        }
        stream.end();
    }

    static void send(HttpStream stream, List<Map<String, @Nullable Object>> events)
            throws IOException {
        for (Map<String, @Nullable Object> event : events) {
            stream.event(String.valueOf(event.get("type")), event);
        }
    }

    /// Waits for events; none when there will be no more.
    private synchronized List<Map<String, @Nullable Object>> from(int next) throws IOException {
        try {
            while (next >= events.size() && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return List.copyOf(events.subList(Math.min(next, events.size()), events.size()));
    }
}
