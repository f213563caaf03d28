package dev.jebena.tensor;

import java.util.Arrays;

/// Lists of axes as callers write them.
final class Axes {
    private Axes() {}

    /// All axes if none are given; numbers from 0, in order.
    static Ints of(Tensor x, String what, int... axes) {
        if (axes.length == 0) {
            return Ints.range(0, x.rank());
        }
        int[] found = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            found[i] = x.shape().axis(axes[i], what);
        }
        Arrays.sort(found);
        for (int i = 1; i < found.length; i++) {
            if (found[i] == found[i - 1]) {
                throw TensorException.shape(
                        "%s: axis %d is given twice for shape %s", what, found[i], x.shape());
            }
        }
        return Ints.of(found);
    }

    /// Number of elements along the axes.
    static long count(Tensor x, Ints axes) {
        long count = 1;
        for (int i = 0; i < axes.size(); i++) {
            count *= x.dim(axes.get(i));
        }
        return count;
    }

    /// Without axes of length 1.
    static Tensor drop(Tensor x, Ints axes) {
        Shape shape = x.shape();
        for (int i = axes.size() - 1; i >= 0; i--) {
            shape = shape.without(axes.get(i));
        }
        return x.reshape(shape);
    }

    /// The order of axes that moves one to another place.
    static int[] moved(int rank, int from, int to) {
        int[] order = new int[rank];
        int next = 0;
        for (int i = 0; i < rank; i++) {
            if (i == to) {
                order[i] = from;
            } else {
                if (next == from) {
                    next++;
                }
                order[i] = next++;
            }
        }
        return order;
    }

    static int[] inverse(int... order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i]] = i;
        }
        return inverse;
    }
}
