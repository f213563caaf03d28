package dev.jebena.repositories;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Cleans up at the start, for what a killed server left, and then once an hour.
final class Housekeeping implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final int MOST_PACKS = 50;

    private final Repositories repositories;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    Housekeeping(Repositories repositories) {
        this.repositories = repositories;
        clean();
        thread = Thread.ofPlatform().name("jebena-hub-housekeeping").daemon().start(this::run);
    }

    private void run() {
        try {
            while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    repositories.repack(() -> closing.getCount() == 0);
                    clean();
                } catch (RuntimeException e) {
                    System.err.println("hub: cleaning up failed: " + e.getMessage());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void clean() {
        repositories.heal();
        repositories.git().scattered(MOST_PACKS).forEach(repositories.git()::compact);
        repositories.sweep();
        repositories.collect();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
