package dev.jebena.compute;

import dev.jebena.compute.x86.Routine;
import dev.jebena.compute.x86.TileProductCode;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// [TileProduct] assembled for AVX-512 or AVX2: one function for each number of rows.
final class X86TileProduct implements TileProduct {
    private final boolean avx512;
    private final AtomicReferenceArray<Routine> functions;

    X86TileProduct(boolean avx512) {
        this.avx512 = avx512;
        functions = new AtomicReferenceArray<>(rows() + 1);
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
    public void add(
            int rows,
            int k,
            MemorySegment a,
            long aAt,
            MemorySegment b,
            long bAt,
            MemorySegment c,
            long cAt,
            long cStride) {
        if (k > 0) {
            long panelA = Native.range(a, aAt, 4L * k * rows);
            long panelB = Native.range(b, bAt, 4L * k * columns());
            long tile = Native.range(c, cAt, (rows - 1) * cStride + 4L * columns());
            function(rows).call(panelA, panelB, k, tile, cStride, 0);
            Native.keep(a, b);
            Native.keep(c, c);
        }
    }

    private Routine function(int rows) {
        Routine known = functions.get(rows);
        if (known == null) {
            synchronized (functions) {
                known = functions.get(rows);
                if (known == null) {
                    known = Routine.install(TileProductCode.assemble(rows, avx512));
                    functions.set(rows, known);
                }
            }
        }
        return known;
    }
}
