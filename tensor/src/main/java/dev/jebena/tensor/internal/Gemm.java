package dev.jebena.tensor.internal;

import dev.jebena.compute.TileProduct;
import dev.jebena.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Products of matrices by packed panels (Goto and van de Geijn 2008): of float32 numbers, or of
/// bfloat16 numbers with sums in float32. Every element of the result is one chain in the order of
/// k, whatever the tiles and threads.
final class Gemm {
    /// Entries along k for which panels are packed: a panel of b stays in the first-level cache.
    private static final int DEPTH = 256;

    /// Columns of b that are packed at a time.
    private static final int COLUMNS = 2048;

    /// Groups of rows that share the panels of b.
    private static final int GROUPS = 8;

    /// Multiply-adds that are worth a second thread.
    private static final long PARALLEL = 1 << 19;

    private static final Gemm FLOATS = new Gemm(TileProduct.best(), 1);
    private static final @Nullable Gemm PAIRS = pairs();

    private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

    private final TileProduct tiles;

    /// Elements of an entry of a panel.
    private final int together;

    private final int width;
    private final int height;

    private Gemm(TileProduct tiles, int together) {
        this.tiles = tiles;
        this.together = together;
        width = tiles.columns();
        height = tiles.rows();
    }

    private static @Nullable Gemm pairs() {
        TileProduct pairs = TileProduct.pairs();
        return pairs == null ? null : new Gemm(pairs, 2);
    }

    /// Whether bfloat16 numbers can be multiplied as they are.
    static boolean hasPairs() {
        return PAIRS != null;
    }

    /// Memory of a thread for packed panels; it grows to the largest request.
    private static final class Room {
        private MemorySegment left = MemorySegment.NULL;
        private MemorySegment right = MemorySegment.NULL;
        private final MemorySegment tile = Arena.ofAuto().allocate(4L * 32 * 64, 64);

        MemorySegment left(long entries) {
            if (left.byteSize() < 4 * entries) {
                left = Arena.ofAuto().allocate(4 * entries, 64);
            }
            return left;
        }

        MemorySegment right(long entries) {
            if (right.byteSize() < 4 * entries) {
                right = Arena.ofAuto().allocate(4 * entries, 64);
            }
            return right;
        }
    }

    /// A float32 matrix of results: rows `stride` elements apart.
    record Result(MemorySegment memory, long offset, long stride) {}

    /// `c = a b`.
    ///
    /// @param threads whether other threads may help; not from within a tile
    static void multiply(Operand a, Operand b, Result c, boolean threads) {
        clear(c, a.lines(), b.lines());
        add(a, b, c, threads);
    }

    /// `c = c + a b`.
    static void add(Operand a, Operand b, Result c, boolean threads) {
        Gemm gemm = a.dtype() == DType.FLOAT32 ? FLOATS : PAIRS;
        if (gemm == null) {
            throw new IllegalStateException("this CPU has no products of bfloat16");
        }
        gemm.run(a, b, c, threads);
    }

    private void run(Operand a, Operand b, Result c, boolean threads) {
        int m = a.lines();
        int n = b.lines();
        int k = a.inner();
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        boolean parallel = threads && (long) m * n * k > PARALLEL && Parallel.threads() > 1;
        int depth = DEPTH * together;
        long rowBytes = direct(a.rowBytes());
        Room room = ROOMS.get();
        for (int column = 0; column < n; column += COLUMNS) {
            int columns = Math.min(COLUMNS, n - column);
            int panels = (columns + width - 1) / width;
            for (int from = 0; from < k; from += depth) {
                int length = Math.min(depth, k - from);
                MemorySegment packed = room.right((long) panels * width * DEPTH);
                // An odd end has no partner in memory, only in a panel.
                long direct = length % together == 0 ? rowBytes : 0;
                new Step(this, a, direct, b, c, column, columns, from, length, packed)
                        .run(m, panels, parallel);
            }
        }
    }

    /// Rows that lie powers of two apart would fall on the same places of the first-level cache.
    private static long direct(long rowBytes) {
        return rowBytes % 2048 == 0 ? 0 : rowBytes;
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
    ///
    /// @param direct bytes between rows of a, if tiles read a where it lies; else 0
    private record Step(
            Gemm gemm,
            Operand a,
            long direct,
            Operand b,
            Result c,
            int column,
            int columns,
            int from,
            int length,
            MemorySegment packed) {
        /// Entries of the panels along k.
        private int depth() {
            return (length + gemm.together - 1) / gemm.together;
        }

        void run(int m, int panels, boolean parallel) {
            // Rows in groups of sizes that differ by one at most, so that none is mostly empty.
            int groups = (m + gemm.height - 1) / gemm.height;
            if (!parallel) {
                pack(0, panels);
                rows(m, groups, 0, groups, 0, panels);
                return;
            }
            Parallel.run(panels, 4, (begin, end) -> pack((int) begin, (int) end));
            // A tile has about 8 groups of rows; with few rows, parts of the columns.
            int rowTiles = (groups + GROUPS - 1) / GROUPS;
            int columnTiles = Math.clamp(8 / rowTiles, 1, panels);
            Parallel.tiles(
                    rowTiles * columnTiles,
                    tile -> {
                        int row = tile / columnTiles;
                        int part = tile % columnTiles;
                        rows(
                                m,
                                groups,
                                row * GROUPS,
                                Math.min(groups, row * GROUPS + GROUPS),
                                panels * part / columnTiles,
                                panels * (part + 1) / columnTiles);
                    });
        }

        private void pack(int begin, int end) {
            int width = gemm.width;
            for (int panel = begin; panel < end; panel++) {
                int first = column + panel * width;
                int count = Math.min(width, column + columns - first);
                pack(b, first, count, width, packed, 4L * panel * width * depth());
            }
        }

        private void pack(Operand x, int line, int count, int wide, MemorySegment panel, long at) {
            if (gemm.together == 1) {
                x.pack(line, count, from, length, wide, panel, at);
            } else {
                x.packPairs(line, count, from, length, wide, panel, at);
            }
        }

        private void rows(int m, int groups, int begin, int end, int panel, int lastPanel) {
            Room room = ROOMS.get();
            long size = 4L * gemm.height * depth();
            MemorySegment left =
                    direct > 0 ? a.memory() : room.left((long) gemm.height * GROUPS * DEPTH);
            for (int block = begin; block < end; block += GROUPS) {
                int stop = Math.min(end, block + GROUPS);
                for (int group = block; group < stop && direct == 0; group++) {
                    int first = first(m, groups, group);
                    int count = first(m, groups, group + 1) - first;
                    pack(a, first, count, count, left, (group - block) * size);
                }
                for (int p = panel; p < lastPanel; p++) {
                    for (int group = block; group < stop; group++) {
                        int first = first(m, groups, group);
                        int count = first(m, groups, group + 1) - first;
                        long at = direct > 0 ? a.at(first, from) : (group - block) * size;
                        tile(room, first, count, left, at, p);
                    }
                }
            }
        }

        private static int first(int m, int groups, int group) {
            return (int) ((long) m * group / groups);
        }

        private void tile(Room room, int row, int rows, MemorySegment left, long at, int panel) {
            int first = panel * gemm.width;
            long to = 4 * (c.offset + row * c.stride + column + first);
            long stride = 4 * c.stride;
            int wide = Math.min(gemm.width, columns - first);
            if (wide == gemm.width) {
                tile(rows, left, at, panel, c.memory, to, stride);
                return;
            }
            // A tile at the edge is computed apart.
            long own = 4L * gemm.width;
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(c.memory, to + i * stride, room.tile, i * own, 4L * wide);
            }
            tile(rows, left, at, panel, room.tile, 0, own);
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(room.tile, i * own, c.memory, to + i * stride, 4L * wide);
            }
        }

        private void tile(
                int rows,
                MemorySegment left,
                long at,
                int panel,
                MemorySegment result,
                long to,
                long stride) {
            gemm.tiles.add(
                    rows,
                    depth(),
                    left,
                    at,
                    direct > 0 ? direct : 4,
                    direct > 0 ? 4 : 4L * rows,
                    packed,
                    4L * panel * gemm.width * depth(),
                    result,
                    to,
                    stride);
        }
    }
}
