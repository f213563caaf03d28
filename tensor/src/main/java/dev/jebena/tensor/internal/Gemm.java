package dev.jebena.tensor.internal;

import dev.jebena.compute.Panels.Place;
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
    static final int DEPTH = 256;

    /// Columns of b that are packed at a time.
    private static final int COLUMNS = 2048;

    /// Entries of all panels that are packed at a time.
    private static final int PACKED = 1 << 20;

    /// Groups of rows that share the panels of b.
    static final int GROUPS = 8;

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
    static final class Room {
        private MemorySegment left = MemorySegment.NULL;
        private MemorySegment right = MemorySegment.NULL;
        private final MemorySegment tile = Arena.ofAuto().allocate(4L * 32 * 64, 64);

        MemorySegment left(long bytes) {
            if (left.byteSize() < bytes) {
                left = Arena.ofAuto().allocate(bytes, 64);
            }
            return left;
        }

        MemorySegment right(long entries) {
            if (right.byteSize() < 4 * entries) {
                right = StoragePool.shared().fresh(4 * entries);
            }
            return right;
        }
    }

    /// A float32 matrix of results: rows `stride` elements apart.
    record Result(MemorySegment memory, long offset, long stride) {}

    /// How a product is computed.
    ///
    /// @param threads whether other threads may help
    /// @param adds whether to what the result holds
    /// @param brain where results go as bfloat16; the float32 ones are lost then
    private record Way(boolean threads, boolean adds, @Nullable Result brain) {}

    /// `c = a b`.
    ///
    /// @param threads whether other threads may help; not from within a tile
    static void multiply(Operand a, Operand b, Result c, boolean threads) {
        if (a.inner() == 0) {
            clear(c, 4, a.lines(), b.lines());
        }
        run(a, b, c, new Way(threads, false, null));
    }

    /// `y = a b` in bfloat16, of bfloat16 numbers.
    ///
    /// @param room for float32 sums
    static void narrow(Operand a, Operand b, Result room, Result y, boolean threads) {
        if (a.inner() == 0) {
            clear(y, 2, a.lines(), b.lines());
        }
        run(a, b, room, new Way(threads, false, y));
    }

    /// `c = c + a b`.
    static void add(Operand a, Operand b, Result c, boolean threads) {
        run(a, b, c, new Way(threads, true, null));
    }

    private static void run(Operand a, Operand b, Result c, Way way) {
        Gemm gemm = a.dtype() == DType.FLOAT32 ? FLOATS : PAIRS;
        if (gemm == null) {
            throw new IllegalStateException("this CPU has no products of bfloat16");
        }
        gemm.compute(a, b, c, way);
    }

    private void compute(Operand a, Operand b, Result c, Way way) {
        int m = a.lines();
        int n = b.lines();
        int k = a.inner();
        if (m == 0 || n == 0 || k == 0) {
            return;
        }
        boolean parallel = way.threads && (long) m * n * k > PARALLEL && Parallel.threads() > 1;
        Room room = ROOMS.get();
        for (int column = 0; column < n; column += COLUMNS) {
            int columns = Math.min(COLUMNS, n - column);
            int panels = (columns + width - 1) / width;
            int slices = Math.max(1, PACKED / (panels * width * DEPTH));
            int step = slices * DEPTH * together;
            for (int from = 0; from < k; from += step) {
                int length = Math.min(step, k - from);
                int entries = (length + together - 1) / together;
                MemorySegment packed = room.right((long) panels * width * entries);
                new Step(this, a, b, c, way, column, columns, from, length, packed)
                        .run(m, panels, parallel);
            }
        }
    }

    /// @param bytes of an element
    private static void clear(Result c, int bytes, int m, int n) {
        for (int i = 0; i < m; i++) {
            c.memory.asSlice(bytes * (c.offset + i * c.stride), (long) bytes * n).fill((byte) 0);
        }
    }

    /// The product of all of a with some columns of b for some of k.
    private record Step(
            Gemm gemm,
            Operand a,
            Operand b,
            Result c,
            Way way,
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
                long at = 4L * panel * width * depth();
                if (gemm.together == 1) {
                    b.pack(first, count, from, length, width, packed, at);
                } else {
                    b.packPairs(first, count, from, length, width, packed, at);
                }
            }
        }

        private void rows(int m, int groups, int begin, int end, int panel, int lastPanel) {
            Room room = ROOMS.get();
            LeftRows left = new LeftRows(a, m, groups, gemm.together, room);
            for (int block = begin; block < end; block += GROUPS) {
                int stop = Math.min(end, block + GROUPS);
                for (int slice = 0; slice < depth(); slice += DEPTH) {
                    int k = from + slice * gemm.together;
                    left.take(block, stop, k, Math.min(DEPTH * gemm.together, from + length - k));
                    for (int p = panel; p < lastPanel; p++) {
                        for (int group = block; group < stop; ) {
                            int next = Math.min(stop, left.end(group));
                            column(room, left, group, next, slice, p);
                            group = next;
                        }
                    }
                }
            }
        }

        /// Groups of as many rows each times a panel.
        private void column(Room room, LeftRows left, int group, int end, int slice, int panel) {
            int first = panel * gemm.width;
            int row = left.first(group);
            boolean last = from + (slice + DEPTH) * gemm.together >= a.inner();
            Result brain = last ? way.brain : null;
            int wide = Math.min(gemm.width, columns - first);
            if (wide == gemm.width) {
                TileProduct.Rows narrow = brain == null ? null : at(brain, 2, row, first);
                column(left, group, end, slice, panel, at(c, 4, row, first), narrow);
                return;
            }
            // A tile at the edge is computed apart.
            for (int i = group; i < end; i++) {
                edge(room, left, i, slice, panel, wide, brain);
            }
        }

        private TileProduct.Rows at(Result result, int bytes, int row, int first) {
            long at = result.offset + row * result.stride + column + first;
            return new TileProduct.Rows(result.memory, bytes * at, bytes * result.stride);
        }

        private void edge(
                Room room,
                LeftRows left,
                int group,
                int slice,
                int panel,
                int wide,
                @Nullable Result brain) {
            int row = left.first(group);
            int rows = left.rows(group);
            TileProduct.Rows sums = at(c, 4, row, panel * gemm.width);
            TileProduct.Rows own = new TileProduct.Rows(room.tile, 0, 4L * gemm.width);
            if (adds(slice)) {
                copy(sums, own, rows, wide);
            }
            column(left, group, group + 1, slice, panel, own, null);
            if (brain == null) {
                copy(own, sums, rows, wide);
                return;
            }
            TileProduct.Rows to = at(brain, 2, row, panel * gemm.width);
            for (int i = 0; i < rows; i++) {
                FloatPath.ARRAYS.toBrain(
                        own.memory(), i * own.row(), to.memory(), to.at() + i * to.row(), wide);
            }
        }

        private static void copy(TileProduct.Rows from, TileProduct.Rows to, int rows, int wide) {
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(
                        from.memory(),
                        from.at() + i * from.row(),
                        to.memory(),
                        to.at() + i * to.row(),
                        4L * wide);
            }
        }

        private boolean adds(int slice) {
            return way.adds || from + slice > 0;
        }

        private void column(
                LeftRows left,
                int group,
                int end,
                int slice,
                int panel,
                TileProduct.Rows to,
                TileProduct.@Nullable Rows brain) {
            long place = 4L * gemm.width * ((long) panel * depth() + slice);
            gemm.tiles.column(
                    adds(slice),
                    left.rows(group),
                    end - group,
                    Math.min(DEPTH, depth() - slice),
                    left.groups(group),
                    new Place(packed, place),
                    to,
                    brain);
        }
    }
}
