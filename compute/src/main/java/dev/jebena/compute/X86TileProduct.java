package dev.jebena.compute;

import dev.jebena.compute.x86.Routine;
import dev.jebena.compute.x86.TileProductCode;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// [TileProduct] assembled for AVX-512 or AVX2: one function for each number of rows.
final class X86TileProduct implements TileProduct {
    private final boolean avx512;
    private final TileProductCode.Entry kind;
    private final AtomicReferenceArray<Routine> adding;
    private final AtomicReferenceArray<Routine> setting;

    X86TileProduct(boolean avx512, TileProductCode.Entry kind) {
        this.avx512 = avx512;
        this.kind = kind;
        adding = new AtomicReferenceArray<>(rows() + 1);
        setting = new AtomicReferenceArray<>(rows() + 1);
    }

    @Override
    public int rows() {
        return TileProductCode.rows(avx512);
    }

    @Override
    public int columns() {
        return TileProductCode.columns(avx512);
    }

    @Override
    public void multiply(
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
            long cRow) {
        if (k > 0 || !adds) {
            long last = (rows - 1) * aRow + (k - 1) * aStep;
            long left = k == 0 ? 0 : Native.range(a, aAt, last + 4);
            long right = Native.range(b, bAt, 4L * k * columns());
            long tile = Native.range(c, cAt, (rows - 1) * cRow + 4L * columns());
            function(adds, rows).brief(k, left, right, k, tile, cRow, aRow, aStep);
            Native.keep(a, b);
            Native.keep(c, c);
        }
    }

    private Routine function(boolean adds, int rows) {
        AtomicReferenceArray<Routine> functions = adds ? adding : setting;
        Routine known = functions.get(rows);
        if (known == null) {
            synchronized (functions) {
                known = functions.get(rows);
                if (known == null) {
                    known = Routine.install(TileProductCode.assemble(rows, avx512, kind, adds));
                    functions.set(rows, known);
                }
            }
        }
        return known;
    }
}
