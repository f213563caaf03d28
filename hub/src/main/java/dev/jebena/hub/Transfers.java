package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Several transfers at once.
final class Transfers {
    private Transfers() {}

    /// Calls `transfer` for all items, some at a time, and returns when all are done. The first
    /// failure ends the others and is thrown.
    static <T> void each(List<T> items, int threads, Consumer<T> transfer) {
        ExecutorService executor =
                Executors.newFixedThreadPool(
                        Math.clamp(threads, 1, 64), Thread.ofVirtual().factory());
        try (executor) {
            List<Future<?>> running = new ArrayList<>();
            items.forEach(item -> running.add(executor.submit(() -> transfer.accept(item))));
            try {
                for (Future<?> one : running) {
                    one.get();
                }
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(Problem.Code.UNAVAILABLE, "interrupted", null, e);
            } finally {
                executor.shutdownNow();
            }
        }
    }
}
