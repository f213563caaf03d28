package dev.jebena.compute.x86;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The assembled products of packed weights with 8-bit activations, on addresses: nothing is
/// checked here. A function is assembled when it is first called.
public final class Int8Kernels {
    /// Most rows of activations that one function computes.
    private static final int MOST_ROWS = 12;

    /// Weights that stay in the second-level cache while rows of activations pass.
    private static final long WEIGHT_BYTES = 128 << 10;

    /// Activations that stay there while weights pass.
    private static final long ACTIVATION_BYTES = 384 << 10;

    private final CodeMemory memory;
    private final boolean avx512;

    /// Whether dot products of bytes exist in the form for AVX2.
    private final boolean vnni;

    private final AtomicReference<@Nullable Routine> quantize = new AtomicReference<>();

    /// For each format its packing, then the products by rows for one tile, then for two; after
    /// those the ones for weights that come from memory.
    private final Map<TileFormat, AtomicReferenceArray<@Nullable Routine>> functions =
            new EnumMap<>(TileFormat.class);

    private Int8Kernels(CodeMemory memory, CpuFeatures features) {
        this.memory = memory;
        avx512 = features.avx512();
        vnni = features.has(CpuFeatures.Feature.AVXVNNI);
        for (TileFormat format : TileFormat.values()) {
            functions.put(format, new AtomicReferenceArray<>(1 + 4 * MOST_ROWS));
        }
    }

    /// The kernels, if the CPU has what they need.
    public static Optional<Int8Kernels> create(CpuFeatures features) {
        return features.avx512() || features.avx2()
                ? CodeMemory.shared().map(memory -> new Int8Kernels(memory, features))
                : Optional.empty();
    }

    /// Rounds `blocks` times 32 numbers.
    public void quantize(long numbers, long blocks, long to) {
        Routine function = quantize.get();
        if (function == null) {
            function = install(Int8Quantize.assemble());
            quantize.set(function);
        }
        function.call(numbers, to, blocks);
    }

    /// Packs sixteen rows of stored blocks into one tile.
    public void pack(TileFormat format, long rows, long rowBytes, int columns, long tile) {
        Routine function =
                function(
                        format,
                        0,
                        () -> avx512 ? TilePacking.avx512(format) : TilePacking.avx2(format));
        function.call(rows, rowBytes, columns / format.elements(), tile, 0, 0);
    }

    /// What a product works on: `outputs` rows of packed weights from `weights` on, `rows` rows of
    /// activations, `xBytes` apart, and results from `y` on, whose rows are `yBytes` apart.
    public record Product(
            TileFormat format,
            int columns,
            long weights,
            int outputs,
            long x,
            long xBytes,
            int rows,
            long y,
            long yBytes) {
        private Product rows(int begin, int count) {
            if (count == rows) {
                return this;
            }
            return new Product(
                    format,
                    columns,
                    weights,
                    outputs,
                    x + begin * xBytes,
                    xBytes,
                    count,
                    y + begin * yBytes,
                    yBytes);
        }

        private Product outputs(int begin, int count) {
            if (count == outputs) {
                return this;
            }
            long at = begin / TileFormat.ROWS * format.tileBytes(columns);
            return new Product(
                    format, columns, weights + at, count, x, xBytes, rows, y + 4L * begin, yBytes);
        }
    }

    /// The number of rows that the largest function computes at a time.
    public int rowsAtATime(TileFormat format) {
        return mostRows(format, tilesAtATime(format));
    }

    /// The number of tiles that it computes at a time.
    public int tilesAtATime(TileFormat format) {
        return avx512 ? Avx512Product.bestTiles(format) : 1;
    }

    private int mostRows(TileFormat format, int tiles) {
        return avx512 ? Avx512Product.mostRows(format, tiles) : Avx2Product.mostRows(format, vnni);
    }

    /// Computes a product.
    public void multiply(Product all) {
        int few = mostRows(all.format(), 1);
        int most = (int) Math.max(few, ACTIVATION_BYTES / all.xBytes());
        for (int row = 0; row < all.rows(); row += most) {
            Product chunk = all.rows(row, Math.min(most, all.rows() - row));
            if (chunk.rows() <= few) {
                single(chunk, true);
            } else {
                pieces(chunk);
            }
        }
    }

    /// Pieces of weights that stay in the cache, each for all rows.
    private void pieces(Product all) {
        long tileBytes = all.format().tileBytes(all.columns());
        int tiles = (int) Math.max(2, WEIGHT_BYTES / tileBytes / 2 * 2);
        int step = tiles * TileFormat.ROWS;
        for (int output = 0; output < all.outputs(); output += step) {
            groups(all.outputs(output, Math.min(step, all.outputs() - output)));
        }
    }

    /// Groups of rows that fit into the registers, of sizes that differ by one at most. The first
    /// one brings the weights into the cache.
    private void groups(Product all) {
        int most = rowsAtATime(all.format());
        int groups = (all.rows() + most - 1) / most;
        for (int group = 0; group < groups; group++) {
            int begin = all.rows() * group / groups;
            int end = all.rows() * (group + 1) / groups;
            group(all.rows(begin, end - begin), group == 0);
        }
    }

    private void group(Product all, boolean cold) {
        int pairs = tilesAtATime(all.format()) == 1 ? 0 : all.outputs() / (2 * TileFormat.ROWS);
        if (pairs > 0) {
            call(all, 2, pairs, TileFormat.ROWS, cold);
        }
        int done = 2 * TileFormat.ROWS * pairs;
        if (done < all.outputs()) {
            single(all.outputs(done, all.outputs() - done), cold);
        }
    }

    /// One tile at a time; a last one with fewer rows apart.
    private void single(Product all, boolean cold) {
        int whole = all.outputs() / TileFormat.ROWS;
        int rest = all.outputs() % TileFormat.ROWS;
        if (whole > 0) {
            call(all, 1, whole, TileFormat.ROWS, cold);
        }
        if (rest > 0) {
            call(all.outputs(whole * TileFormat.ROWS, rest), 1, 1, rest, cold);
        }
    }

    private void call(Product p, int tiles, int steps, int outputs, boolean cold) {
        TileFormat format = p.format();
        Routine function = product(format, p.rows(), tiles, cold);
        long records = p.columns() / format.elements() | (p.xBytes() << 32);
        function.call(
                p.weights(), steps | ((long) outputs << 32), records, p.x(), p.y(), p.yBytes());
    }

    private Routine product(TileFormat format, int rows, int tiles, boolean cold) {
        int index = ((cold ? 2 : 0) + tiles - 1) * MOST_ROWS + rows;
        Routine known = Objects.requireNonNull(functions.get(format)).get(index);
        // The lambda costs memory with every call, so it is made for the first one only.
        return known != null
                ? known
                : function(format, index, () -> assemble(format, rows, tiles, cold));
    }

    private Assembler assemble(TileFormat format, int rows, int tiles, boolean cold) {
        return avx512
                ? Avx512Product.assemble(format, rows, tiles, cold)
                : Avx2Product.assemble(format, rows, cold, vnni);
    }

    private Routine function(TileFormat format, int index, Supplier<Assembler> code) {
        var known = Objects.requireNonNull(functions.get(format));
        Routine function = known.get(index);
        if (function == null) {
            synchronized (known) {
                function = known.get(index);
                if (function == null) {
                    function = install(code.get());
                    known.set(index, function);
                }
            }
        }
        return function;
    }

    private Routine install(Assembler code) {
        return Routine.at(memory.install(code));
    }
}
