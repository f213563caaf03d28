package dev.jebena.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The messages of one call in their order, kept so that a client whose connection broke reads on
/// where it was.
final class EventLog {
    private static final int LIMIT = 10_000;

    final String id;
    private final List<Map<String, @Nullable Object>> events = new ArrayList<>();
    private boolean done;
    private int readers;

    EventLog(String id) {
        this.id = id;
    }

    /// Adds a message. Progress beyond the limit is dropped, so that a long call cannot fill the
    /// memory; its result never is.
    synchronized void add(Map<String, @Nullable Object> message) {
        if (events.size() < LIMIT || message.get("id") != null) {
            events.add(message);
            notifyAll();
        }
    }

    synchronized void finish() {
        done = true;
        notifyAll();
    }

    synchronized boolean isDone() {
        return done;
    }

    synchronized void attach() {
        readers++;
    }

    synchronized void detach() {
        readers--;
    }

    synchronized boolean isRead() {
        return readers > 0;
    }

    /// Event number `index` as it comes; null when there is none yet after `millis`, or none will
    /// come.
    synchronized @Nullable Map<String, @Nullable Object> await(int index, long millis)
            throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (index >= events.size() && !done) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        return index < events.size() ? events.get(index) : null;
    }
}
