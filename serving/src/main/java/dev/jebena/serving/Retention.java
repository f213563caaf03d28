package dev.jebena.serving;

import dev.jebena.base.DocumentStore.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Removes responses that are older than clients may expect, and files whose time is over.
final class Retention implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofHours(1);

    private final ServerData data;
    private final StoredFiles files;
    private final @Nullable Duration keep;
    private final Thread thread;

    /// @param keep how long responses stay; null for ever
    Retention(ServerData data, StoredFiles files, @Nullable Duration keep) {
        this.data = data;
        this.files = files;
        this.keep = keep;
        thread = Thread.ofVirtual().name("jebena-retention").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                if (data.exists()) {
                    sweep(Instant.now());
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException _) {
            // The server stops.
        } catch (RuntimeException e) {
            System.err.println("old responses are not removed any more: " + e);
        }
    }

    void sweep(Instant now) {
        Duration life = keep;
        if (life != null) {
            for (String kind : List.of(ResponseStore.KIND, ChatStore.KIND)) {
                for (Document old : data.documents().olderThan(kind, now.minus(life))) {
                    data.documents().delete(kind, old.id());
                }
            }
        }
        Uploads.sweep(data, now);
        files.sweep();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
