package dev.jebena.tensor.internal;

import dev.jebena.compute.TileProduct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Products of float32 matrices by packed panels (Goto and van de Geijn 2008). Every element of the
/// result is one chain of fused multiply-adds in the order of k, whatever the tiles and threads.
final class Gemm {
    /// Length of k for which panels are packed: a panel of b stays in the first-level cache.
    private static final int DEPTH = 256;

    /// Columns of b that are packed at a time.
    private static final int COLUMNS = 2048;

    /// Multiply-adds that are worth a second thread.
    private static final long PARALLEL = 1 << 19;

    private static final TileProduct TILES = TileProduct.best();
    private static final int WIDTH = TILES.columns();
    private static final int HEIGHT = TILES.rows();

    private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

    private Gemm() {}

    /// Memory of a thread for packed panels; it grows to the largest request.
    private static final class Room {
        private MemorySegment left = MemorySegment.NULL;
        private MemorySegment right = MemorySegment.NULL;
        private final MemorySegment tile = Arena.ofAuto().allocate(4L * HEIGHT * WIDTH, 64);

        MemorySegment left(long floats) {
            if (left.byteSize() < 4 * floats) {
                left = Arena.ofAuto().allocate(4 * floats, 64);
            }
            return left;
        }

        MemorySegment right(long floats) {
            if (right.byteSize() < 4 * floats) {
                right = Arena.ofAuto().allocate(4 * floats, 64);
            }
            return right;
        }
    }

    /// A matrix of results: rows `stride` elements apart.
    record Result(MemorySegment memory, long offset, long stride) {}

    /// `c = a b`.
    ///
    /// @param threads whether other threads may help; not from within a tile
    static void multiply(Operand a, Operand b, Result c, boolean threads) {
        int m = a.lines().length;
        int n = b.lines().length;
        int k = a.inner().length;
        clear(c, m, n);
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        boolean parallel = threads && (long) m * n * k > PARALLEL && Parallel.threads() > 1;
        Room room = ROOMS.get();
        for (int column = 0; column < n; column += COLUMNS) {
            int columns = Math.min(COLUMNS, n - column);
            int panels = (columns + WIDTH - 1) / WIDTH;
            for (int from = 0; from < k; from += DEPTH) {
                int depth = Math.min(DEPTH, k - from);
                MemorySegment packed = room.right((long) panels * WIDTH * DEPTH);
                Step step = new Step(a, b, c, column, columns, from, depth, packed);
                step.run(m, panels, parallel);
            }
        }
    }

    private static void clear(Result c, int m, int n) {
        if (c.stride == n) {
            c.memory.asSlice(4 * c.offset, 4L * m * n).fill((byte) 0);
            return;
        }
        for (int i = 0; i < m; i++) {
            c.memory.asSlice(4 * (c.offset + i * c.stride), 4L * n).fill((byte) 0);
        }
    }

    /// The product of all of a with some columns of b for some of k.
    private record Step(
            Operand a,
            Operand b,
            Result c,
            int column,
            int columns,
            int from,
            int depth,
            MemorySegment packed) {
        void run(int m, int panels, boolean parallel) {
            // Rows in groups of sizes that differ by one at most, so that none is mostly empty.
            int groups = (m + HEIGHT - 1) / HEIGHT;
            if (!parallel) {
                pack(0, panels);
                rows(m, groups, 0, groups, 0, panels);
                return;
            }
            Parallel.run(panels, 4, (begin, end) -> pack((int) begin, (int) end));
            // A tile has about 8 groups of rows; with few rows, parts of the columns.
            int rowTiles = (groups + 7) / 8;
            int columnTiles = Math.clamp(8 / rowTiles, 1, panels);
            Parallel.tiles(
                    rowTiles * columnTiles,
                    tile -> {
                        int row = tile / columnTiles;
                        int part = tile % columnTiles;
                        rows(
                                m,
                                groups,
                                row * 8,
                                Math.min(groups, row * 8 + 8),
                                panels * part / columnTiles,
                                panels * (part + 1) / columnTiles);
                    });
        }

        private void pack(int begin, int end) {
            for (int panel = begin; panel < end; panel++) {
                int first = column + panel * WIDTH;
                int count = Math.min(WIDTH, column + columns - first);
                b.pack(first, count, from, depth, WIDTH, packed, 4L * panel * WIDTH * depth);
            }
        }

        private void rows(int m, int groups, int begin, int end, int panel, int lastPanel) {
            Room room = ROOMS.get();
            MemorySegment left = room.left((long) HEIGHT * 8 * DEPTH);
            for (int block = begin; block < end; block += 8) {
                int stop = Math.min(end, block + 8);
                for (int group = block; group < stop; group++) {
                    int first = first(m, groups, group);
                    int count = first(m, groups, group + 1) - first;
                    long at = 4L * (group - block) * HEIGHT * depth;
                    a.pack(first, count, from, depth, count, left, at);
                }
                for (int p = panel; p < lastPanel; p++) {
                    for (int group = block; group < stop; group++) {
                        int first = first(m, groups, group);
                        int count = first(m, groups, group + 1) - first;
                        long at = 4L * (group - block) * HEIGHT * depth;
                        tile(room, first, count, left, at, p);
                    }
                }
            }
        }

        private static int first(int m, int groups, int group) {
            return (int) ((long) m * group / groups);
        }

        private void tile(Room room, int row, int rows, MemorySegment left, long at, int panel) {
            long right = 4L * panel * WIDTH * depth;
            int first = panel * WIDTH;
            long to = 4 * (c.offset + row * c.stride + column + first);
            long stride = 4 * c.stride;
            int width = Math.min(WIDTH, columns - first);
            if (width == WIDTH) {
                TILES.add(rows, depth, left, at, packed, right, c.memory, to, stride);
                return;
            }
            // A tile at the edge is computed apart.
            long own = 4L * WIDTH;
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(c.memory, to + i * stride, room.tile, i * own, 4L * width);
            }
            TILES.add(rows, depth, left, at, packed, right, room.tile, 0, own);
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(room.tile, i * own, c.memory, to + i * stride, 4L * width);
            }
        }
    }
}
