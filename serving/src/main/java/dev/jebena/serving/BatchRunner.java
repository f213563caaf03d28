package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.PathLock;
import dev.jebena.base.Problem;
import dev.jebena.base.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Works on the batches, one after the other, oldest first; goes on with them after a restart.
/// Among the servers of one data folder only one does.
final class BatchRunner implements AutoCloseable {
    private static final long POLL_MILLIS = 2000;

    private final BatchStore store;
    private final StoredFiles files;
    private final Router router;
    private final Path lock;
    private final int parallel;
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private volatile @Nullable BatchWork current;
    private @Nullable Thread thread;
    private boolean asked;
    private volatile boolean closed;

    /// @param lock file that the one who works holds
    /// @param parallel lines at once
    BatchRunner(BatchStore store, StoredFiles files, Router router, Path lock, int parallel) {
        this.store = store;
        this.files = files;
        this.router = router;
        this.lock = lock;
        this.parallel = parallel;
    }

    /// There may be something to do.
    synchronized void wake() {
        asked = true;
        notifyAll();
        if (thread == null && !closed) {
            thread = Thread.ofVirtual().name("jebena-batches").start(this::run);
        }
    }

    /// Ends a batch early: its running lines are given up.
    Map<String, @Nullable Object> cancel(String kind, String id) {
        Map<String, @Nullable Object> batch = store.get(kind, id);
        if (BatchStore.ended(batch)) {
            return batch;
        }
        cancelled.add(id);
        store.status(kind, batch, "cancelling");
        BatchWork work = current;
        if (work != null && work.id().equals(id)) {
            work.cancel();
        }
        wake();
        return store.get(kind, id);
    }

    private void run() {
        while (awaitWork()) {
            Optional<PathLock> held = PathLock.tryExclusive(lock);
            if (held.isEmpty()) {
                pause();
                wake();
                continue;
            }
            try (PathLock _ = held.get()) {
                for (String kind : List.of(BatchStore.OPENAI, BatchStore.ANTHROPIC)) {
                    for (Map<String, @Nullable Object> batch : store.unfinished(kind)) {
                        work(kind, batch);
                    }
                }
            } catch (RuntimeException e) {
                if (!closed) {
                    System.err.println("batches: " + e);
                }
            }
        }
    }

    private synchronized boolean awaitWork() {
        try {
            while (!asked && !closed) {
                wait();
            }
        } catch (InterruptedException _) {
            return false;
        }
        asked = false;
        return !closed;
    }

    private void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(String kind, Map<String, @Nullable Object> batch) {
        if (closed) {
            return;
        }
        BatchWork work = new BatchWork(kind, batch, store, files, router, parallel);
        current = work;
        try {
            if (cancelled.contains(work.id())) {
                work.cancel();
            }
            work.run();
        } catch (IOException | HttpException | Problem e) {
            if (!closed) {
                work.fail(
                        e instanceof HttpException http
                                ? http
                                : new HttpException(
                                        500, "server_error", String.valueOf(e.getMessage())));
            }
        } finally {
            current = null;
        }
    }

    /// Gives up running lines; they are done again after the next start.
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            notifyAll();
            running = thread;
        }
        BatchWork work = current;
        if (work != null) {
            work.stop();
        }
        try {
            if (running != null) {
                running.join(java.time.Duration.ofSeconds(10));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
