package dev.jebena.compute;

/// Work on one tile. Tiles of one run may be done by any thread in any order, so they must not
/// depend on each other.
@FunctionalInterface
public interface TileTask {
    /// @param tile which tile, from 0
    /// @param worker which thread does it, from 0 to [Workers#count()] - 1: for scratch memory of
    ///   its own
    void run(int tile, int worker);
}
