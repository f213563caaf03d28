package dev.jebena.tensor.internal;

import dev.jebena.compute.Workers;

/// Cuts work into tiles by its size alone, so that no result depends on the number of threads, and
/// runs them on one pool of threads.
public final class Parallel {
    private static final String PROPERTY = "jebena.threads";

    private static volatile Workers workers = Workers.of(count());

    private Parallel() {}

    private static int count() {
        int processors = Runtime.getRuntime().availableProcessors();
        return Math.max(1, Integer.getInteger(PROPERTY, processors));
    }

    public static int threads() {
        return workers.count();
    }

    /// Sets the number of threads for everything that follows.
    public static synchronized void threads(int count) {
        if (count != workers.count()) {
            Workers old = workers;
            workers = Workers.of(count);
            old.close();
        }
    }

    /// A part of some work.
    public interface Range {
        void run(long begin, long end);
    }

    /// Work on `size` things in tiles of `tile` things.
    public static void run(long size, long tile, Range range) {
        if (size <= 0) {
            return;
        }
        int tiles = Math.toIntExact((size + tile - 1) / tile);
        tiles(tiles, i -> range.run(i * tile, Math.min(size, (i + 1) * tile)));
    }

    /// One of a number of tiles.
    public interface Tile {
        void run(int tile);
    }

    public static void tiles(int tiles, Tile task) {
        if (tiles == 1) {
            task.run(0);
        } else if (tiles > 1) {
            workers.run(tiles, (tile, worker) -> task.run(tile));
        }
    }
}
