package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// Checks of arguments, done once per call, so that the loops of the kernels need none.
final class Shapes {
    private Shapes() {}

    static void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        if (w.columns() != x.columns()) {
            throw new IllegalArgumentException(
                    "matmul: inner dimensions differ: weights [%d, %d] x activations [%d, %d]"
                            .formatted(w.rows(), w.columns(), x.rows(), x.columns()));
        }
        if (rowBegin < 0 || rowBegin > rowEnd || rowEnd > w.rows() || rowEnd > y.columns()) {
            throw new IllegalArgumentException(
                    "matmul: rows %d to %d of weights with %d rows into %d columns"
                            .formatted(rowBegin, rowEnd, w.rows(), y.columns()));
        }
        if (y.rows() < x.rows()) {
            throw new IllegalArgumentException(
                    "matmul: %d rows of results for %d rows of activations"
                            .formatted(y.rows(), x.rows()));
        }
    }

    static void row(String what, FloatMatrix x, int row, int columns) {
        if (row < 0 || row >= x.rows() || columns > x.columns()) {
            throw new IllegalArgumentException(
                    "%s: row %d, %d columns, of a matrix [%d, %d]"
                            .formatted(what, row, columns, x.rows(), x.columns()));
        }
    }

    static void packable(DataType type, int rows, int columns) {
        if (!IntegerBlock.supports(type)) {
            throw new IllegalArgumentException(
                    "%s weights have no product with 8-bit activations; use matmul"
                            .formatted(type));
        }
        if (rows < 0 || columns < 0 || columns % type.blockSize() != 0) {
            throw new IllegalArgumentException(
                    "packed %s matrix [%d, %d]: rows must be whole blocks of %d"
                            .formatted(type, rows, columns, type.blockSize()));
        }
    }

    static void pack(WeightMatrix w, int rowBegin, int rowEnd, PackedMatrix target, int targetRow) {
        if (w.type() != target.type() || w.columns() != target.columns()) {
            throw new IllegalArgumentException(
                    "pack: %s rows of %d columns into a %s matrix of %d columns"
                            .formatted(w.type(), w.columns(), target.type(), target.columns()));
        }
        int end = targetRow + rowEnd - rowBegin;
        boolean inside = rowBegin >= 0 && rowBegin <= rowEnd && rowEnd <= w.rows();
        boolean fits = targetRow >= 0 && targetRow % 16 == 0 && end <= target.rows();
        if (!inside || !fits || (end % 16 != 0 && end != target.rows())) {
            throw new IllegalArgumentException(
                    "pack: rows %d to %d of %d to row %d of %d; pieces are of 16 rows"
                            .formatted(rowBegin, rowEnd, w.rows(), targetRow, target.rows()));
        }
    }

    /// `matrix` as the kind of packed matrix that the kernels at hand have made.
    static <T extends PackedMatrix> T packed(PackedMatrix matrix, Class<T> kind) {
        if (!kind.isInstance(matrix)) {
            throw new IllegalArgumentException(
                    "a matrix packed by other kernels: %s instead of %s"
                            .formatted(matrix.getClass().getSimpleName(), kind.getSimpleName()));
        }
        return kind.cast(matrix);
    }

    static void quantize(FloatMatrix x, int row, QuantizedRows out) {
        if (x.columns() != out.columns() || row < 0 || row >= Math.min(x.rows(), out.rows())) {
            throw new IllegalArgumentException(
                    "quantize: row %d of a matrix [%d, %d] into rows [%d, %d]"
                            .formatted(row, x.rows(), x.columns(), out.rows(), out.columns()));
        }
    }

    static void multiply(PackedMatrix w, QuantizedRows x, FloatMatrix y, int rowBegin, int rowEnd) {
        if (w.columns() != x.columns() || y.rows() < x.rows() || rowEnd > y.columns()) {
            throw new IllegalArgumentException(
                    "multiply: weights [%d, %d] x activations [%d, %d] into [%d, %d]"
                            .formatted(
                                    w.rows(),
                                    w.columns(),
                                    x.rows(),
                                    x.columns(),
                                    y.rows(),
                                    y.columns()));
        }
        boolean ordered = rowBegin >= 0 && rowBegin <= rowEnd && rowEnd <= w.rows();
        if (!ordered || rowBegin % 16 != 0 || (rowEnd % 16 != 0 && rowEnd != w.rows())) {
            throw new IllegalArgumentException(
                    "multiply: rows %d to %d of %d; ranges begin and end at multiples of 16"
                            .formatted(rowBegin, rowEnd, w.rows()));
        }
    }

    static void weightRow(WeightMatrix w, int row) {
        if (row < 0 || row >= w.rows()) {
            throw new IllegalArgumentException("decodeRow: row %d of %d".formatted(row, w.rows()));
        }
    }

    /// What [Kernels#storeKv] assumes of its arguments.
    static void storeKv(
            MemorySegment pages,
            DataType type,
            long pageOffset,
            int slot,
            FloatMatrix keys,
            FloatMatrix values,
            int row,
            int kvHeads,
            int headDim) {
        row("storeKv", keys, row, kvHeads * headDim);
        row("storeKv", values, row, kvHeads * headDim);
        kvType(type, headDim);
        long bytes = KvPages.pageBytes(type, kvHeads, headDim);
        if (slot < 0
                || slot >= KvPages.PAGE
                || pageOffset < 0
                || pageOffset > pages.byteSize() - bytes) {
            throw new IllegalArgumentException(
                    "storeKv: slot %d of a page of %d bytes at %d of %d bytes"
                            .formatted(slot, bytes, pageOffset, pages.byteSize()));
        }
    }

    private static void kvType(DataType type, int headDim) {
        if (!KvPages.supports(type, headDim)) {
            throw new IllegalArgumentException(
                    "keys and values of %d numbers are F16, F32 or, in blocks of 32, Q8_0; not %s"
                            .formatted(headDim, type));
        }
    }

    /// What [Kernels#attend] assumes of its arguments.
    static void attend(
            FloatMatrix q,
            FloatMatrix out,
            int rowBegin,
            int rowEnd,
            int position,
            int kvHead,
            AttentionShape shape,
            KvPages kv) {
        int columns = shape.heads() * shape.headDim();
        if (rowBegin < 0
                || rowEnd > Math.min(q.rows(), out.rows())
                || columns > Math.min(q.columns(), out.columns())
                || position < 0
                || kvHead < 0
                || kvHead >= shape.kvHeads()) {
            throw new IllegalArgumentException(
                    "attend: rows %d to %d of [%d, %d], position %d, head %d of %d, %d columns"
                            .formatted(
                                    rowBegin,
                                    rowEnd,
                                    q.rows(),
                                    q.columns(),
                                    position,
                                    kvHead,
                                    shape.kvHeads(),
                                    columns));
        }
        kvType(kv.type(), shape.headDim());
        long pages = (kv.length() + KvPages.PAGE - 1L) / KvPages.PAGE;
        long bytes = KvPages.pageBytes(kv.type(), shape.kvHeads(), shape.headDim());
        if (kv.offsets().length < pages) {
            throw new IllegalArgumentException(
                    "attend: %d positions in %d pages".formatted(kv.length(), kv.offsets().length));
        }
        for (int i = 0; i < pages; i++) {
            if (kv.offsets()[i] < 0 || kv.offsets()[i] > kv.data().byteSize() - bytes) {
                throw new IllegalArgumentException(
                        "attend: page %d of %d bytes at %d lies outside of %d bytes"
                                .formatted(i, bytes, kv.offsets()[i], kv.data().byteSize()));
            }
        }
    }
}
