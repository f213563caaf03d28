package dev.jebena.compute;

import dev.jebena.compute.x86.CpuFeatures;
import dev.jebena.compute.x86.Int8Kernels;
import dev.jebena.compute.x86.TileFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Products of packed weights and 8-bit activations, assembled for this CPU; the rest is done by
/// other kernels.
final class X86Kernels extends DelegatingKernels {
    private final Int8Kernels int8;
    private final String name;
    private final Map<DataType, Boolean> correct = new ConcurrentHashMap<>();

    X86Kernels(Kernels others, Int8Kernels int8, CpuFeatures features) {
        super(others);
        this.int8 = int8;
        name = "x86-" + variant(features);
    }

    /// The kernels, if the CPU has what they need; else `others`.
    static Kernels create(Kernels others, CpuFeatures features) {
        Optional<Int8Kernels> int8 = Int8Kernels.create(features);
        return int8.isPresent() ? new X86Kernels(others, int8.get(), features) : others;
    }

    private static String variant(CpuFeatures features) {
        if (features.avx512()) {
            return "avx512";
        }
        return features.has(CpuFeatures.Feature.AVXVNNI) ? "avx2-vnni" : "avx2";
    }

    /// How many rows the function computes at a time that does most of the work.
    int rowsAtATime(TiledMatrix w) {
        return int8.rowsAtATime(w.format());
    }

    /// How many outputs it computes at a time.
    int outputsAtATime(TiledMatrix w) {
        return int8.tilesAtATime(w.format()) * TileFormat.ROWS;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kernels exact() {
        return others();
    }

    @Override
    public void expect(DataType type) {
        if (!IntegerBlock.supports(type)) {
            super.expect(type);
        }
    }

    /// In plain Java, which is fast enough for single rows from the first call on.
    @Override
    public void decodeRow(WeightMatrix w, int row, FloatMatrix y, int target) {
        Kernels.scalar().decodeRow(w, row, y, target);
    }

    @Override
    public boolean packs(DataType type, int rows, int columns) {
        // The rows of a tile are addressed by 31 bits.
        return IntegerBlock.supports(type)
                && columns % type.blockSize() == 0
                && type.bytes(columns) < Integer.MAX_VALUE / TileFormat.ROWS
                && correct.computeIfAbsent(type, this::isCorrect);
    }

    /// Compares a few small products with the reference when a format is first asked for, so that a
    /// CPU or an emulator that computes something else costs speed only.
    private boolean isCorrect(DataType type) {
        boolean same = X86SelfTest.passes(this, type);
        if (!same) {
            System.getLogger(X86Kernels.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "assembled %s kernels fail their self-test; %s kernels do the work"
                                    .formatted(type, super.name()));
        }
        return same;
    }

    @Override
    public PackedMatrix allocatePacked(DataType type, int rows, int columns, Arena arena) {
        Shapes.packable(type, rows, columns);
        return packs(type, rows, columns)
                ? tiled(type, rows, columns, arena)
                : super.allocatePacked(type, rows, columns, arena);
    }

    static TiledMatrix tiled(DataType type, int rows, int columns, Arena arena) {
        long bytes = Math.max(64, TiledMatrix.bytes(type, rows, columns));
        return new TiledMatrix(type, rows, columns, arena.allocate(bytes, 64));
    }

    @Override
    public void pack(WeightMatrix w, int rowBegin, int rowEnd, PackedMatrix target, int targetRow) {
        if (!(target instanceof TiledMatrix tiled)) {
            super.pack(w, rowBegin, rowEnd, target, targetRow);
            return;
        }
        Shapes.pack(w, rowBegin, rowEnd, target, targetRow);
        long rowBytes = w.rowBytes();
        long source = Native.address(w.data());
        int row = rowBegin;
        for (; row + TileFormat.ROWS <= rowEnd; row += TileFormat.ROWS) {
            long tile = tiled.tile(targetRow + row - rowBegin);
            int8.pack(tiled.format(), source + row * rowBytes, rowBytes, w.columns(), tile);
        }
        if (row < rowEnd) {
            packRest(w, row, rowEnd, tiled, targetRow + row - rowBegin);
        }
    }

    /// A last tile of fewer rows, filled up with zeros.
    private void packRest(WeightMatrix w, int row, int rowEnd, TiledMatrix target, int targetRow) {
        long rowBytes = w.rowBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rows = arena.allocate(TileFormat.ROWS * rowBytes);
            MemorySegment.copy(w.data(), row * rowBytes, rows, 0, (rowEnd - row) * rowBytes);
            long tile = target.tile(targetRow);
            int8.pack(target.format(), rows.address(), rowBytes, w.columns(), tile);
        }
    }

    @Override
    public void quantize(FloatMatrix x, int row, QuantizedRows out) {
        Shapes.quantize(x, row, out);
        if (x.columns() > 0) {
            long to = Native.address(out.data()) + out.offset(row, 0);
            int8.quantize(Native.row(x, row), x.columns() / QuantizedRows.BLOCK, to);
        }
    }

    @Override
    public void multiply(PackedMatrix w, QuantizedRows x, FloatMatrix y, int rowBegin, int rowEnd) {
        if (!(w instanceof TiledMatrix tiled)) {
            super.multiply(w, x, y, rowBegin, rowEnd);
            return;
        }
        Shapes.multiply(w, x, y, rowBegin, rowEnd);
        if (w.columns() > 0) {
            int8.multiply(
                    new Int8Kernels.Product(
                            tiled.format(),
                            w.columns(),
                            tiled.tile(rowBegin),
                            rowEnd - rowBegin,
                            Native.address(x.data()),
                            QuantizedRows.rowBytes(x.columns()),
                            x.rows(),
                            Native.address(y.data()) + y.offset(0, rowBegin),
                            4L * y.stride()));
        }
    }
}
