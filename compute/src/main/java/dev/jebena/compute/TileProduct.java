package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// The innermost product of float32 matrices: a tile of up to [#rows()] rows and [#columns()]
/// columns of the result, from packed panels of the operands.
///
/// Each element is a chain of fused multiply-adds in the order of k, beginning with what the result
/// holds: `c[i][j] = fma(a[k][i], b[k][j], c[i][j])`. So all implementations give the same bits,
/// and so does any division of k into calls.
public interface TileProduct {
    /// The fastest that this machine and its JVM flags allow.
    static TileProduct best() {
        return TileProductLookup.BEST;
    }

    /// The readable reference.
    static TileProduct scalar() {
        return ScalarTileProduct.INSTANCE;
    }

    /// Most rows of a tile.
    int rows();

    /// Columns of a tile.
    int columns();

    /// Adds a product to a tile.
    ///
    /// @param rows of this tile, 1 to [#rows()]; panel a has as many numbers for each k
    /// @param a panel `[k][rows]` from byte `aAt` on, 4-byte aligned
    /// @param b panel `[k][columns()]` from byte `bAt` on, 64-byte aligned
    /// @param c the tile from byte `cAt` on, rows `cStride` bytes apart
    void add(
            int rows,
            int k,
            MemorySegment a,
            long aAt,
            MemorySegment b,
            long bAt,
            MemorySegment c,
            long cAt,
            long cStride);
}
