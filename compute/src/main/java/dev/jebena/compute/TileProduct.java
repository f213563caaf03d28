package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The innermost product of matrices: a tile of up to [#rows()] rows and [#columns()] columns of
/// the result. The right operand comes as a packed panel; the left one may lie as it is.
///
/// Each element is a chain of fused multiply-adds in the order of k, beginning with what the result
/// holds or with 0: `c[i][j] = fma(a[i][k], b[k][j], c[i][j])`. So all implementations give the
/// same bits, and so does any division of k into calls.
public interface TileProduct {
    /// The fastest for float32 that this machine and its JVM flags allow.
    static TileProduct best() {
        return TileProductLookup.BEST;
    }

    /// The readable reference.
    static TileProduct scalar() {
        return ScalarTileProduct.FLOATS;
    }

    /// The product of bfloat16 numbers with sums in float32, if the CPU has instructions for it;
    /// else null.
    ///
    /// Each "number" of the operands is a pair of neighbours along k, the first in the lower half.
    /// The products of a pair are added one after the other, that of the second number first, each
    /// sum rounded to float32; products are exact. Numbers and sums below 2^-126 count as 0.
    static @Nullable TileProduct pairs() {
        return TileProductLookup.PAIRS;
    }

    /// The exact product of integers of 8 bits, those of a unsigned and those of b signed, with
    /// sums in int32 that wrap around, if the CPU has instructions for it; else null.
    ///
    /// Each "number" of the operands is four neighbours along k, the first in the lowest byte.
    static @Nullable TileProduct quads() {
        return TileProductLookup.QUADS;
    }

    /// Most rows of a tile.
    int rows();

    /// Columns of a tile.
    int columns();

    /// Adds a product to a tile, or sets the tile to it.
    ///
    /// @param adds whether to what the tile holds; else the chains begin with 0
    /// @param rows of this tile, 1 to [#rows()]
    /// @param a number (i, n) lies at byte `aAt + i * aRow + n * aStep`, 4-byte aligned or not
    /// @param b panel `[k][columns()]` from byte `bAt` on, 64-byte aligned
    /// @param c the tile from byte `cAt` on, rows `cRow` bytes apart
    void multiply(
            boolean adds,
            int rows,
            int k,
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            MemorySegment c,
            long cAt,
            long cRow);

    /// The left operands of a column of tiles: number (i, n) of group g lies `g * group + i * row +
    /// n * step` bytes behind `at`.
    record Left(MemorySegment memory, long at, long row, long step, long group) {}

    /// Rows of results, `row` bytes apart.
    record Rows(MemorySegment memory, long at, long row) {}

    /// Tiles one beneath the other, which share the panel of b: as [#multiply], for `groups` groups
    /// of `rows` rows each.
    ///
    /// @param brain where the results go as bfloat16, to the nearest, ties to even, and then c
    ///   keeps what it holds or gets anything; null if they go to c
    default void column(
            boolean adds,
            int rows,
            int groups,
            int k,
            Left a,
            Panels.Place b,
            Rows c,
            @Nullable Rows brain) {
        for (int group = 0; group < groups; group++) {
            long from = a.at + group * a.group;
            int row = group * rows;
            long to = c.at + row * c.row;
            multiply(
                    adds,
                    rows,
                    k,
                    a.memory,
                    from,
                    a.row,
                    a.step,
                    b.memory(),
                    b.at(),
                    c.memory,
                    to,
                    c.row);
        }
        if (brain != null) {
            for (int i = 0; i < groups * rows; i++) {
                FloatArrays.best()
                        .toBrain(
                                c.memory,
                                c.at + i * c.row,
                                brain.memory,
                                brain.at + i * brain.row,
                                columns());
            }
        }
    }

    /// Adds a product to what a tile holds.
    default void add(
            int rows,
            int k,
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            MemorySegment c,
            long cAt,
            long cRow) {
        multiply(true, rows, k, a, aAt, aRow, aStep, b, bAt, c, cAt, cRow);
    }
}
