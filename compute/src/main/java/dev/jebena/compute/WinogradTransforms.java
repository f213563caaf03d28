package dev.jebena.compute;

import dev.jebena.compute.Panels.Place;

/// The transforms around 3 x 3 convolutions by minimal filtering: 16 products for 2 x 2 results,
/// where the definition has 36 (Winograd 1980; Lavin and Gray 2016). All implementations give the
/// same bits.
///
/// [#LANES] channels are transformed at a time. Where things lie is given by byte offsets, which
/// the caller answers for: that they are within the memory is not checked.
public interface WinogradTransforms {
    /// Channels side by side: 64 bytes.
    int LANES = 16;

    /// Rows and columns of a tile.
    int TILE = 4;

    /// The fastest that this machine and its JVM flags allow.
    static WinogradTransforms best() {
        return TileProductLookup.WINOGRAD;
    }

    /// The readable reference.
    static WinogradTransforms scalar() {
        return ScalarWinograd.INSTANCE;
    }

    /// What is transformed: squares of some side into tiles, or tiles into squares.
    enum Kind {
        /// What is convolved.
        INPUT(4, true),
        /// The taps of a weight.
        WEIGHT(3, true),
        /// The gradient of 2 x 2 results, on the way to that of the weight.
        GRADIENT(2, true),
        /// Products become 2 x 2 results.
        OUTPUT(2, false),
        /// Products become the gradient of a weight's taps.
        WEIGHT_GRADIENT(3, false);

        private final int side;
        private final boolean toTiles;

        Kind(int side, boolean toTiles) {
            this.side = side;
            this.toTiles = toTiles;
        }

        /// Rows and columns of a square.
        public int side() {
            return side;
        }

        /// Whether squares become tiles.
        public boolean isToTiles() {
            return toTiles;
        }
    }

    /// Transforms some squares into tiles, or tiles into squares.
    ///
    /// @param squares element (i, j) of square n lies behind offset `side * (side * n + i) + j` of
    ///   the table
    /// @param count of squares, and of tiles
    /// @param tiles element (i, j) of tile n lies at byte `n * tileBytes + (4 * i + j) *
    ///   planeBytes`
    void apply(
            Kind kind,
            Place squares,
            Place table,
            int count,
            Place tiles,
            long tileBytes,
            long planeBytes);
}
