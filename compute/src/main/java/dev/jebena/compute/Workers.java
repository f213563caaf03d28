package dev.jebena.compute;

/// A fixed pool of platform threads that compute tiles. A run ends when all tiles are *done*, not
/// when all threads have *arrived*: a thread that lost its core to another process delays only the
/// tile it holds.
public interface Workers extends AutoCloseable {
    /// A pool of `count` threads, the caller of [#run] included; 1 starts no thread.
    static Workers of(int count) {
        return new TileWorkers(count);
    }

    /// Threads that take part in a run, the caller included.
    int count();

    /// Runs `task` for every tile from 0 to `tiles` - 1 and returns when all are done. The caller
    /// works too. An exception of a tile is thrown here, after the other tiles have ended. One run
    /// at a time: a second caller waits. A tile must not call it.
    void run(int tiles, TileTask task);

    @Override
    void close();
}
