package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The kernels that [VectorKernels] warms up, in groups that are needed together.
///
/// A call's data has about 24 registers in a row: after some 600 calls the compiler counts enough
/// calls and enough rounds of the loop. The time limits are ten times a compiled call and a tenth
/// of an interpreted one.
final class WarmUpSteps {
    private static final int N = 384;
    private static final long LIMIT = TimeUnit.MICROSECONDS.toNanos(3);

    private final WarmUp warmUp = new WarmUp();
    private final Arena arena = Arena.ofAuto();
    private final FloatMatrix x = FloatMatrix.allocate(arena, 4, N);
    private final FloatMatrix y = FloatMatrix.allocate(arena, 4, N);
    private final Kernels kernels;

    final WarmUp.Step manyRows;
    final WarmUp.Step oneRow;
    final WarmUp.Step attention;
    final WarmUp.Step rows;
    private final Map<DataType, WarmUp.Step> decoding = new EnumMap<>(DataType.class);
    private final Map<DataType, WarmUp.Step> dots = new EnumMap<>(DataType.class);

    WarmUpSteps(Kernels kernels) {
        this.kernels = kernels;
        WeightMatrix w = weights(DataType.F32, 4);
        FloatMatrix first = x.slice(0, 1);
        manyRows = new WarmUp.Step(LIMIT, () -> kernels.matmul(w, x, y, 0, 4));
        oneRow = new WarmUp.Step(LIMIT, () -> kernels.matmul(w, first, y, 0, 4));
        rows = new WarmUp.Step(3 * LIMIT, this::rows);
        attention = attention();
        warmUp.add(List.of(manyRows, rows, attention, oneRow));
    }

    private WeightMatrix weights(DataType type, int rows) {
        int columns = type.blockSize() == 256 ? 512 : N;
        MemorySegment data = arena.allocate(rows * type.bytes(columns), 64);
        return new WeightMatrix(type, rows, columns, data);
    }

    private void rows() {
        kernels.rmsNorm(x, 0, x, 1, x);
        kernels.add(x, 0, x, 1);
        kernels.siluMultiply(x, x, 0);
        kernels.geluMultiply(x, x, 0);
        kernels.argmax(x, 0);
        kernels.rope(x, 0, 1, 128, x, 0, 128, false);
    }

    private WarmUp.Step attention() {
        AttentionShape shape = new AttentionShape(3, 1, 64, 0.125f, 0, 0, true);
        long bytes = KvPages.pageBytes(DataType.F16, 1, 64);
        MemorySegment pages = arena.allocate(2 * bytes, 64);
        KvPages kv = new KvPages(pages, DataType.F16, new long[] {0, bytes}, 48);
        return new WarmUp.Step(
                6 * LIMIT,
                () -> {
                    kernels.storeKv(pages, DataType.F16, 0, 0, x, x, 0, 1, 64);
                    kernels.attend(x, y, 0, 2, 44, 0, shape, kv);
                    kernels.attend(x, y, 0, 1, 44, 0, shape, kv);
                });
    }

    /// The step of decoding `type`; the first call begins it.
    WarmUp.Step decoding(DataType type) {
        synchronized (decoding) {
            WarmUp.Step known = decoding.get(type);
            if (known != null) {
                return known;
            }
            WeightMatrix w = weights(type, 1);
            FloatMatrix to = FloatMatrix.allocate(arena, 1, w.columns());
            WarmUp.Step step = new WarmUp.Step(LIMIT, () -> kernels.decodeRow(w, 0, to, 0));
            decoding.put(type, step);
            warmUp.add(List.of(step));
            return step;
        }
    }

    /// The step of multiplying `type` with one row; the first call begins it.
    WarmUp.Step oneRow(DataType type) {
        if (!VectorDot.supports(type)) {
            return oneRow;
        }
        synchronized (dots) {
            WarmUp.Step known = dots.get(type);
            if (known != null) {
                return known;
            }
            WeightMatrix w = weights(type, 2);
            FloatMatrix first = x.slice(0, 1);
            WarmUp.Step step = new WarmUp.Step(LIMIT, () -> kernels.matmul(w, first, y, 0, 2));
            dots.put(type, step);
            warmUp.add(List.of(step));
            return step;
        }
    }
}
