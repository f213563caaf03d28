package dev.jebena.tensor.internal;

import dev.jebena.compute.TileProduct;
import java.lang.foreign.MemorySegment;

/// Some rows of the left operand of a product for some of k, where tiles can read them: in place,
/// copied row by row, or packed as panels `[k][rows of a group]`.
final class LeftRows {
    /// What follows a copied row: without it, rows would fall on the same places of the first-level
    /// cache.
    private static final int GAP = 64;

    private final Operand a;
    private final int lines;
    private final int groups;

    /// Elements of an entry of a panel.
    private final int together;

    private final Gemm.Room room;

    /// Bytes from row to row in place, if neighbours along k are neighbours in memory; else 0.
    private final long inPlace;

    private MemorySegment memory = MemorySegment.NULL;
    private int begin;
    private int from;
    private int depth;

    /// Bytes from row to row of what was taken; 0 if it was packed.
    private long row;

    private boolean isInPlace;

    /// @param groups that the lines are divided into
    LeftRows(Operand a, int lines, int groups, int together, Gemm.Room room) {
        this.a = a;
        this.lines = lines;
        this.groups = groups;
        this.together = together;
        this.room = room;
        inPlace = a.rowBytes();
    }

    /// The first row of a group; groups differ by one row at most, the larger ones first.
    int first(int group) {
        return group * (lines / groups) + Math.min(group, lines % groups);
    }

    /// Rows of a group.
    int rows(int group) {
        return lines / groups + (group < lines % groups ? 1 : 0);
    }

    /// Rows of a group and of those behind it that are as large.
    TileProduct.Left groups(int group) {
        int rows = rows(group);
        long step = row == 0 ? 4L * rows : 4;
        long next = row == 0 ? depth * step : rows * row;
        return new TileProduct.Left(memory, at(group), row == 0 ? 4 : row, step, next);
    }

    /// The first group behind `group` that has another number of rows.
    int end(int group) {
        int larger = lines % groups;
        return group < larger ? larger : groups;
    }

    /// Makes ready groups `block` to `stop` for `k` to `k + length`.
    void take(int block, int stop, int k, int length) {
        begin = block;
        from = k;
        depth = (length + together - 1) / together;
        // An odd end has no partner in memory, only in a panel.
        boolean whole = inPlace > 0 && length % together == 0;
        isInPlace = whole && inPlace % 2048 != 0;
        if (!whole) {
            row = 0;
            pack(stop, length);
        } else if (isInPlace) {
            row = inPlace;
            memory = a.memory();
        } else {
            row = 4L * depth + GAP;
            copy(first(block), first(stop), 4L * depth);
        }
    }

    private void copy(int line, int last, long bytes) {
        memory = room.left((last - line) * row);
        for (int i = line; i < last; i++) {
            MemorySegment.copy(a.memory(), a.at(i, from), memory, (i - line) * row, bytes);
        }
    }

    private void pack(int stop, int length) {
        int start = first(begin);
        memory = room.left(4L * (first(stop) - start) * depth);
        for (int group = begin; group < stop; group++) {
            int line = first(group);
            int count = first(group + 1) - line;
            if (together == 1) {
                a.pack(line, count, from, length, count, memory, at(group));
            } else {
                a.packPairs(line, count, from, length, count, memory, at(group));
            }
        }
    }

    /// Where the first entry of a group lies.
    private long at(int group) {
        int line = first(group);
        if (row == 0) {
            return 4L * (line - first(begin)) * depth;
        }
        return isInPlace ? a.at(line, from) : (line - first(begin)) * row;
    }
}
