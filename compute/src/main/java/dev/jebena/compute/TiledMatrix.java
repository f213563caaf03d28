package dev.jebena.compute;

import dev.jebena.compute.x86.TileFormat;
import java.lang.foreign.MemorySegment;

/// Weights in the tiles that the assembled kernels compute with.
record TiledMatrix(DataType type, int rows, int columns, MemorySegment data)
        implements PackedMatrix {
    static TileFormat format(DataType type) {
        return TileFormat.valueOf(type.name());
    }

    static long bytes(DataType type, int rows, int columns) {
        return tiles(rows) * format(type).tileBytes(columns);
    }

    private static long tiles(int rows) {
        return ((long) rows + TileFormat.ROWS - 1) / TileFormat.ROWS;
    }

    @Override
    public long bytes() {
        return data.byteSize();
    }

    TileFormat format() {
        return format(type);
    }

    /// Address of the tile that begins with row `row`.
    long tile(int row) {
        return Native.address(data) + row / TileFormat.ROWS * format().tileBytes(columns);
    }
}
