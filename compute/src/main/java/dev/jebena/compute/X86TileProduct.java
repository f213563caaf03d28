package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.x86.Assembler;
import dev.jebena.compute.x86.Routine;
import dev.jebena.compute.x86.TileProductCode;
import dev.jebena.compute.x86.TileProductCode.Field;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// [TileProduct] assembled for AVX-512 or AVX2: one function for each number of rows.
final class X86TileProduct implements TileProduct {
    private final boolean avx512;
    private final TileProductCode.Entry kind;
    private final AtomicReferenceArray<Routine> adding;
    private final AtomicReferenceArray<Routine> setting;

    /// Of columns: by whether they add, then by whether they narrow.
    private final List<AtomicReferenceArray<Routine>> columns;

    /// A thread's numbers for the function of a column.
    private static final ThreadLocal<MemorySegment> BLOCKS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(8L * Field.values().length, 64));

    X86TileProduct(boolean avx512, TileProductCode.Entry kind) {
        this.avx512 = avx512;
        this.kind = kind;
        adding = new AtomicReferenceArray<>(rows() + 1);
        setting = new AtomicReferenceArray<>(rows() + 1);
        columns =
                Stream.generate(() -> new AtomicReferenceArray<Routine>(rows() + 1))
                        .limit(4)
                        .toList();
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

    @Override
    public void column(
            boolean adds,
            int rows,
            int groups,
            int k,
            Left a,
            Panels.Place b,
            Rows c,
            @Nullable Rows brain) {
        boolean narrows = kind == TileProductCode.Entry.PAIR;
        if (k == 0 || groups == 0 || (brain != null && !narrows)) {
            TileProduct.super.column(adds, rows, groups, k, a, b, c, brain);
            return;
        }
        long last = (groups - 1) * a.group() + (rows - 1) * a.row() + (k - 1) * a.step();
        int all = rows * groups;
        MemorySegment block = BLOCKS.get();
        set(block, Field.A, Native.range(a.memory(), a.at(), last + 4));
        set(block, Field.B, Native.range(b.memory(), b.at(), 4L * k * columns()));
        set(block, Field.K, k);
        set(block, Field.C, Native.range(c.memory(), c.at(), (all - 1) * c.row() + 4L * columns()));
        set(block, Field.ROW_OF_C, c.row());
        set(block, Field.ROW, a.row());
        set(block, Field.STEP, a.step());
        set(block, Field.GROUPS, groups);
        set(block, Field.TO_GROUP, a.group() - k * a.step());
        if (brain != null) {
            long bytes = (all - 1) * brain.row() + 2L * columns();
            set(block, Field.BRAIN, Native.range(brain.memory(), brain.at(), bytes));
            set(block, Field.ROW_OF_BRAIN, brain.row());
        }
        AtomicReferenceArray<Routine> functions =
                columns.get((adds ? 2 : 0) + (brain == null ? 0 : 1));
        Routine function =
                installed(
                        functions,
                        rows,
                        () ->
                                TileProductCode.assembleColumn(
                                        rows, avx512, kind, adds, brain != null));
        function.brief((long) groups * k, block.address(), 0, 0, 0, 0, 0, 0);
        Native.keep(a.memory(), b.memory());
        Native.keep(c.memory(), brain == null ? block : brain.memory());
    }

    private static void set(MemorySegment block, Field field, long value) {
        block.set(JAVA_LONG, field.offset(), value);
    }

    private Routine function(boolean adds, int rows) {
        return installed(
                adds ? adding : setting,
                rows,
                () -> TileProductCode.assemble(rows, avx512, kind, adds));
    }

    private static Routine installed(
            AtomicReferenceArray<Routine> functions, int rows, Supplier<Assembler> code) {
        Routine known = functions.get(rows);
        if (known == null) {
            synchronized (functions) {
                known = functions.get(rows);
                if (known == null) {
                    known = Routine.install(code.get());
                    functions.set(rows, known);
                }
            }
        }
        return known;
    }
}
