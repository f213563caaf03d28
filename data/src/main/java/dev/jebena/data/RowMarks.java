package dev.jebena.data;

import java.util.Arrays;

/// Where some rows of a file begin, as far as anybody went: every so many rows, so that the memory
/// does not grow with the file. For several threads.
final class RowMarks {
    private static final int MOST = 1 << 14;

    /// @param row number of the row that begins at `offset`
    record Mark(long row, long offset) {}

    private long stride = 1_024;
    private long[] rows = new long[16];
    private long[] offsets = new long[16];
    private int count = 1;

    /// The nearest mark at or before a row.
    synchronized Mark before(long row) {
        int at = Arrays.binarySearch(rows, 0, count, row);
        int found = at >= 0 ? at : -at - 2;
        return new Mark(rows[found], offsets[found]);
    }

    /// How many rows it is worth to go between marks.
    synchronized long stride() {
        return stride;
    }

    synchronized void add(long row, long offset) {
        if (row < rows[count - 1] + stride) {
            return;
        }
        if (count == MOST) {
            for (int i = 0; i < MOST / 2; i++) {
                rows[i] = rows[2 * i];
                offsets[i] = offsets[2 * i];
            }
            count = MOST / 2;
            stride *= 2;
        } else if (count == rows.length) {
            rows = Arrays.copyOf(rows, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        rows[count] = row;
        offsets[count++] = offset;
    }
}
