package dev.jebena.compute;

import dev.jebena.compute.x86.PanelCode;
import dev.jebena.compute.x86.Routine;

/// [Panels] assembled for AVX-512.
final class X86Panels implements Panels {
    private final Routine copy = Routine.install(PanelCode.copy());
    private final Routine transpose = Routine.install(PanelCode.transpose());
    private final Routine squares = Routine.install(PanelCode.squares());
    private final Routine interleave = Routine.install(PanelCode.interleave());

    private static long address(Place place) {
        return Native.address(place.memory()) + place.at();
    }

    private static void keep(Place from, Place table, Place panel) {
        Native.keep(from.memory(), table.memory());
        Native.keep(panel.memory(), panel.memory());
    }

    @Override
    public void copy(Place from, Place table, int length, int count, Place panel, int width) {
        columns(copy, 4, from, table, length, count, panel, width);
    }

    @Override
    public void interleave(Place from, Place table, int length, int count, Place panel, int width) {
        columns(interleave, 2, from, table, length, count, panel, width);
    }

    /// Sixteen columns at a time.
    private static void columns(
            Routine routine,
            int bytes,
            Place from,
            Place table,
            int length,
            int count,
            Place panel,
            int width) {
        if (length <= 0) {
            return;
        }
        long source = address(from);
        long offsets = address(table);
        long target = address(panel);
        for (int i = 0; i < count; i += 16) {
            long mask = (1L << Math.min(16, count - i)) - 1;
            long first = source + (long) bytes * i;
            routine.brief(length, first, offsets, length, target + 4L * i, 4L * width, mask, 0);
        }
        keep(from, table, panel);
    }

    @Override
    public void transpose(Place from, Place table, int length, int count, Place panel, int width) {
        int whole = length & -PanelCode.SQUARE;
        int together = count & -PanelCode.SQUARE;
        lines(squares, PanelCode.SQUARE, from, table, whole, together, panel, width);
        fours(
                from.plus(4L * whole),
                table,
                length - whole,
                together,
                panel.plus(4L * whole * width),
                width);
        fours(
                from,
                table.plus(8L * together),
                length,
                count - together,
                panel.plus(4L * together),
                width);
    }

    /// The same where no squares of sixteen are left.
    private void fours(Place from, Place table, int length, int count, Place panel, int width) {
        int whole = length & -PanelCode.LINES;
        int together = count & -PanelCode.LINES;
        lines(transpose, PanelCode.LINES, from, table, whole, together, panel, width);
        // What does not fill squares.
        Place below = panel.plus(4L * whole * width);
        Panels.super.transpose(
                from.plus(4L * whole), table, length - whole, together, below, width);
        Panels.super.transpose(
                from,
                table.plus(8L * together),
                length,
                count - together,
                panel.plus(4L * together),
                width);
    }

    private static void lines(
            Routine routine,
            int lines,
            Place from,
            Place table,
            int length,
            int count,
            Place panel,
            int width) {
        if (length <= 0 || count <= 0) {
            return;
        }
        long source = address(from);
        long offsets = address(table);
        long target = address(panel);
        for (int i = 0; i < count; i += lines) {
            routine.brief(
                    length, source, offsets + 8L * i, length, target + 4L * i, 4L * width, 0, 0);
        }
        keep(from, table, panel);
    }
}
