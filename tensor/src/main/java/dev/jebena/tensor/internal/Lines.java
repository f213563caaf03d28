package dev.jebena.tensor.internal;

import dev.jebena.tensor.Shape;

/// Lines of elements along one axis of a view, each read as an array and written to the same line
/// of a contiguous result.
final class Lines {
    private final View x;
    private final int axis;
    private final View moved;
    private final int length;
    private final long count;
    private final long inner;

    Lines(View x, int axis) {
        this.x = x;
        this.axis = axis;
        int rank = x.shape().rank();
        int[] order = new int[rank];
        int next = 0;
        long behind = 1;
        for (int i = 0; i < rank; i++) {
            if (i != axis) {
                order[next++] = i;
            }
            if (i > axis) {
                behind *= x.shape().dim(i);
            }
        }
        order[next] = axis;
        moved = x.permute(order);
        length = x.shape().dim(axis);
        inner = behind;
        count = length == 0 ? 0 : x.size() / length;
    }

    int length() {
        return length;
    }

    long count() {
        return count;
    }

    /// Reads lines one after the other.
    Reader reader() {
        return new Reader(moved);
    }

    /// The place of the first element of a line in a contiguous result whose axis has
    /// `resultLength` elements; the others follow at distances of [#step()].
    long start(long line, int resultLength) {
        return line / inner * inner * resultLength + line % inner;
    }

    long step() {
        return inner;
    }

    Shape shape() {
        return x.shape();
    }

    int axis() {
        return axis;
    }

    /// Lines of a tile.
    long tile() {
        return Math.max(1, 16384 / Math.max(1, length));
    }
}
