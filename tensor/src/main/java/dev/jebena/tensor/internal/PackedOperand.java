package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.jebena.compute.TileProduct;
import dev.jebena.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The right operand of many products, packed once: panels `[k][width]` of [TileProduct], those of
/// the first [#DEPTH] entries along k before those of the next. A product is one round of tiles, in
/// which each goes through all of k, so its part of the result stays in the cache of one core.
///
/// An entry is one float32, two bfloat16, or four integers of 8 bits. The CPU multiplies unsigned
/// integers of the left operand with signed ones of the right: others are moved by 128, and what
/// that adds is taken off where sums begin.
public final class PackedOperand {
    /// Entries along k of a panel: it stays in the first-level cache.
    private static final int DEPTH = 256;

    /// Groups of rows that share a panel; their part of the left operand stays in the second-level
    /// cache.
    private static final int GROUPS = 16;

    /// Tiles of a product: enough for threads that come late.
    private static final int TILES = 8;

    /// Tiles of rows from which on none is cut into columns.
    private static final int MANY_TILES = 4;

    /// Multiply-adds that are worth a second thread.
    private static final long PARALLEL = 1 << 20;

    private static final ThreadLocal<Room> ROOMS = ThreadLocal.withInitial(Room::new);

    private final TileProduct tiles;
    private final DType dtype;
    private final int lines;
    private final int inner;

    /// Elements of an entry.
    private final int together;

    private final int width;
    private final int panels;
    private final MemorySegment memory;

    /// The sums of columns of 8-bit integers as they are packed.
    private final int[] sums;

    /// What a thread needs beside its operands.
    private static final class Room {
        private MemorySegment left = MemorySegment.NULL;
        private final MemorySegment tile = Arena.ofAuto().allocate(4L * 32 * 64, 64);

        MemorySegment left(long bytes) {
            if (left.byteSize() < bytes) {
                left = Arena.ofAuto().allocate(bytes, 64);
            }
            return left;
        }
    }

    private PackedOperand(TileProduct tiles, Operand b) {
        this.tiles = tiles;
        dtype = b.dtype();
        lines = b.lines();
        inner = b.inner();
        together = 4 / dtype.bytes();
        width = tiles.columns();
        panels = (lines + width - 1) / width;
        sums = new int[dtype.bytes() == 1 ? lines : 0];
        memory = StoragePool.shared().fresh(Math.max(64, 4L * width * panels * entries(inner)));
        Parallel.run(panels, 1, (begin, end) -> pack(b, (int) begin, (int) end));
    }

    /// Whether elements of a type can be packed on this machine.
    public static boolean supports(DType dtype) {
        return product(dtype) != null;
    }

    private static @Nullable TileProduct product(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> TileProduct.best();
            case BFLOAT16 -> TileProduct.pairs();
            case INT8, UINT8 -> TileProduct.quads();
            default -> null;
        };
    }

    /// Of a matrix `[k, n]` of a type that is supported.
    public static PackedOperand of(View matrix) {
        TileProduct tiles = product(matrix.dtype());
        if (tiles == null) {
            throw new IllegalStateException("this CPU has no products of " + matrix.dtype());
        }
        int k = matrix.shape().dim(0);
        int n = matrix.shape().dim(1);
        return new PackedOperand(
                tiles,
                Operand.strided(matrix, matrix.offset(), n, matrix.stride(1), k, matrix.stride(0)));
    }

    /// Told of parts of the result that are done, by the thread that did them.
    public interface Finished {
        /// Rows `begin` to `end`, columns `column` to `lastColumn`.
        void take(int begin, int end, int column, int lastColumn);
    }

    private int entries(int elements) {
        return (elements + together - 1) / together;
    }

    private int length(int from) {
        return Math.min(DEPTH * together, inner - from);
    }

    /// The byte at which a panel begins.
    private long at(int from, int panel) {
        return 4L * width * ((long) entries(from) * panels + (long) panel * entries(length(from)));
    }

    private void pack(Operand b, int begin, int end) {
        for (int from = 0; from < inner; from += DEPTH * together) {
            for (int panel = begin; panel < end; panel++) {
                int first = panel * width;
                int count = Math.min(width, lines - first);
                long at = at(from, panel);
                if (together == 4) {
                    packQuads(b, first, count, from, at);
                } else {
                    pack(b, first, count, from, width, memory, at);
                }
            }
        }
    }

    private void pack(
            Operand x, int line, int count, int from, int wide, MemorySegment panel, long at) {
        if (together == 1) {
            x.pack(line, count, from, length(from), wide, panel, at);
        } else {
            x.packPairs(line, count, from, length(from), wide, panel, at);
        }
    }

    private void packQuads(Operand b, int first, int count, int from, long at) {
        memory.asSlice(at, 4L * width * entries(length(from))).fill((byte) 0);
        int flip = dtype == DType.UINT8 ? 0x80 : 0;
        for (int n = 0; n < length(from); n++) {
            for (int i = 0; i < count; i++) {
                byte value = (byte) (b.memory().get(JAVA_BYTE, b.at(first + i, from + n)) ^ flip);
                memory.set(JAVA_BYTE, at + 4 * ((long) (n / 4) * width + i) + n % 4, value);
                sums[first + i] += value;
            }
        }
    }

    /// `y = a b` for rows `[m, k]` of the same type, or both of 8-bit integers; y is contiguous, of
    /// float32 or int32. The bits are those of [Gemm].
    ///
    /// @param start what the sums of each column of integers begin with; null for 0
    public void multiply(View a, @Nullable View start, View y) {
        multiply(a, start, y, false, null);
    }

    /// @param whole whether `finished` takes whole rows only
    /// @param finished what is to be done with parts of the result while they are in a cache
    /// @return whether it was done; else it wants whole rows, which no thread has
    public boolean multiply(
            View a, @Nullable View start, View y, boolean whole, @Nullable Finished finished) {
        int m = a.shape().dim(0);
        if (m == 0 || lines == 0) {
            return true;
        }
        Operand left =
                Operand.strided(a, a.offset(), m, a.stride(0), inner, inner > 1 ? a.stride(1) : 1);
        Product product = new Product(left, start, y.memory(), y.offset());
        boolean parallel = (long) m * lines * inner > PARALLEL && Parallel.threads() > 1;
        int rowTiles = (product.groups + GROUPS - 1) / GROUPS;
        boolean cut = parallel && rowTiles < MANY_TILES;
        int columnTiles = cut ? columnTiles(rowTiles) : 1;
        Finished told = columnTiles > 1 && whole ? null : finished;
        Parallel.Tile tile =
                i -> {
                    int row = i / columnTiles;
                    int part = i % columnTiles;
                    product.run(
                            (int) ((long) product.groups * row / rowTiles),
                            (int) ((long) product.groups * (row + 1) / rowTiles),
                            panels * part / columnTiles,
                            panels * (part + 1) / columnTiles,
                            told);
                };
        if (parallel) {
            Parallel.tiles(rowTiles * columnTiles, tile);
        } else {
            for (int i = 0; i < rowTiles; i++) {
                tile.run(i);
            }
        }
        return told == finished;
    }

    /// Parts of columns for each tile of rows: as many for each thread, of equal numbers of panels
    /// if that is possible, since the last ones are waited for.
    private int columnTiles(int rowTiles) {
        int least = Math.clamp(TILES / rowTiles, 1, panels);
        for (int count = least; count <= Math.min(2 * least, panels); count++) {
            if (panels % count == 0 && count % Parallel.threads() == 0) {
                return count;
            }
        }
        return least;
    }

    /// One product. Its rows are in groups of sizes that differ by one at most, so that none is
    /// mostly empty.
    private final class Product {
        private final Operand a;
        private final MemorySegment result;
        private final long offset;
        private final int groups;

        /// Bytes between rows of a, if tiles read it where it lies; else 0.
        private final long direct;

        /// What the sums of columns begin with; empty for 0.
        private final int[] columnStarts;

        /// What those of rows begin with too; empty for 0.
        private final int[] rowStarts;

        Product(Operand a, @Nullable View start, MemorySegment result, long offset) {
            this.a = a;
            this.result = result;
            this.offset = offset;
            groups = (a.lines() + tiles.rows() - 1) / tiles.rows();
            // Rows that lie powers of two apart would fall on the same places of the first-level
            // cache; the odd end of a row of pairs has no partner in memory.
            long rowBytes = a.rowBytes();
            boolean moved = a.dtype() == DType.INT8;
            direct = rowBytes % 4096 == 0 || inner % together != 0 || moved ? 0 : rowBytes;
            columnStarts = columnStarts(start, moved ? 128 : 0);
            rowStarts = dtype == DType.UINT8 ? rowStarts(moved ? 128 : 0) : new int[0];
        }

        private int[] columnStarts(@Nullable View start, int moved) {
            int[] starts = new int[start == null && moved == 0 ? 0 : lines];
            int right = dtype == DType.UINT8 ? 128 : 0;
            for (int i = 0; i < starts.length; i++) {
                starts[i] = -moved * (sums[i] + inner * right);
                if (start != null) {
                    long at = start.offset() + i * start.stride(start.shape().rank() - 1);
                    starts[i] += (int) Elements.integer(DType.INT32, start.memory(), at);
                }
            }
            return starts;
        }

        private int[] rowStarts(int moved) {
            int[] starts = new int[a.lines()];
            long[] row = new long[inner];
            for (int i = 0; i < starts.length; i++) {
                a.read(i, 0, inner, row);
                starts[i] = 128 * (int) (LongStream.of(row).sum() + (long) moved * inner);
            }
            return starts;
        }

        private int first(int group) {
            return (int) ((long) a.lines() * group / groups);
        }

        /// Some groups of rows times some panels of columns.
        void run(int begin, int end, int panel, int lastPanel, @Nullable Finished finished) {
            Room room = ROOMS.get();
            boolean started = rowStarts.length > 0 || columnStarts.length > 0 || inner == 0;
            if (started) {
                start(first(begin), first(end), panel * width, Math.min(lines, lastPanel * width));
            }
            for (int from = 0; from < inner; from += DEPTH * together) {
                int depth = entries(length(from));
                long size = 4L * tiles.rows() * depth;
                MemorySegment left =
                        direct > 0 ? a.memory() : room.left(4L * tiles.rows() * DEPTH * GROUPS);
                for (int group = begin; group < end && direct == 0; group++) {
                    packLeft(group, from, left, (group - begin) * size);
                }
                for (int p = panel; p < lastPanel; p++) {
                    for (int group = begin; group < end; group++) {
                        long at = direct > 0 ? a.at(first(group), from) : (group - begin) * size;
                        tile(room, group, left, at, depth, at(from, p), p, from > 0 || started);
                    }
                }
            }
            if (finished != null) {
                int last = Math.min(lines, lastPanel * width);
                finished.take(first(begin), first(end), panel * width, last);
            }
        }

        /// Integers stay in rows, filled up to whole entries.
        private void packLeft(int group, int from, MemorySegment left, long at) {
            int line = first(group);
            int rows = first(group + 1) - line;
            if (together < 4) {
                pack(a, line, rows, from, rows, left, at);
                return;
            }
            int length = length(from);
            int flip = a.dtype() == DType.INT8 ? 0x80 : 0;
            for (int i = 0; i < rows; i++) {
                long to = at + 4L * i * entries(length);
                for (int n = 0; n < length; n++) {
                    int value = a.memory().get(JAVA_BYTE, a.at(line + i, from + n)) ^ flip;
                    left.set(JAVA_BYTE, to + n, (byte) value);
                }
            }
        }

        private void start(int row, int lastRow, int column, int lastColumn) {
            int count = lastColumn - column;
            int[] starts = new int[rowStarts.length > 0 ? count : 0];
            for (int i = row; i < lastRow; i++) {
                long to = 4 * (offset + (long) i * lines + column);
                if (rowStarts.length > 0) {
                    for (int j = 0; j < count; j++) {
                        int of = columnStarts.length > 0 ? columnStarts[column + j] : 0;
                        starts[j] = rowStarts[i] + of;
                    }
                    MemorySegment.copy(starts, 0, result, JAVA_INT_UNALIGNED, to, count);
                } else if (columnStarts.length > 0) {
                    MemorySegment.copy(columnStarts, column, result, JAVA_INT_UNALIGNED, to, count);
                } else {
                    result.asSlice(to, 4L * count).fill((byte) 0);
                }
            }
        }

        private void tile(
                Room room,
                int group,
                MemorySegment left,
                long at,
                int depth,
                long from,
                int p,
                boolean adds) {
            int row = first(group);
            int rows = first(group + 1) - row;
            long to = 4 * (offset + (long) row * lines + (long) p * width);
            long stride = 4L * lines;
            int wide = Math.min(width, lines - p * width);
            if (wide == width) {
                multiply(adds, rows, depth, left, at, from, result, to, stride);
                return;
            }
            // A tile at the edge is computed apart.
            long own = 4L * width;
            for (int i = 0; i < rows && adds; i++) {
                MemorySegment.copy(result, to + i * stride, room.tile, i * own, 4L * wide);
            }
            multiply(adds, rows, depth, left, at, from, room.tile, 0, own);
            for (int i = 0; i < rows; i++) {
                MemorySegment.copy(room.tile, i * own, result, to + i * stride, 4L * wide);
            }
        }

        private void multiply(
                boolean adds,
                int rows,
                int depth,
                MemorySegment left,
                long at,
                long from,
                MemorySegment to,
                long toAt,
                long stride) {
            boolean inRows = direct > 0 || together == 4;
            long row = direct > 0 ? direct : inRows ? 4L * depth : 4;
            long step = inRows ? 4 : 4L * rows;
            tiles.multiply(adds, rows, depth, left, at, row, step, memory, from, to, toAt, stride);
        }
    }
}
