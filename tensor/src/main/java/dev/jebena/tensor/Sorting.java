package dev.jebena.tensor;

/// Order, running sums, distinct values.
public sealed interface Sorting permits Tensor {
    Tensor self();

    /// Values and where they come from.
    record Sorted(Tensor values, Tensor indices) {}

    /// Distinct values in order, where each element stands among them, and how often each occurs.
    record Unique(Tensor values, Tensor inverse, Tensor counts) {}

    /// Indices that sort an axis; equal elements keep their order, NaN is largest.
    default Tensor argsort(int axis, boolean descending) {
        int at = self().shape().axis(axis, "argsort");
        return Dispatch.one(new Op.ArgSort(at, descending), self());
    }

    default Sorted sort(int axis, boolean descending) {
        Tensor indices = argsort(axis, descending);
        return new Sorted(self().gather(axis, indices), indices);
    }

    /// The k largest or smallest elements of an axis, sorted.
    default Sorted topk(int k, int axis, boolean largest) {
        int at = self().shape().axis(axis, "topk");
        Tensor indices = Dispatch.one(new Op.TopK(k, at, largest), self());
        return new Sorted(self().gather(at, indices), indices);
    }

    /// The k largest of the last axis.
    default Sorted topk(int k) {
        return topk(k, -1, true);
    }

    /// The middle element of an axis, the lower of two.
    default Tensor median(int axis) {
        int length = self().dim(axis);
        return sort(axis, false).values().select(axis, (length - 1) / 2);
    }

    default Tensor cumsum(int axis) {
        int at = self().shape().axis(axis, "cumsum");
        return Dispatch.one(new Op.Cumulate(false, at), self());
    }

    default Tensor cumprod(int axis) {
        int at = self().shape().axis(axis, "cumprod");
        return Dispatch.one(new Op.Cumulate(true, at), self());
    }

    default Sorted cummax(int axis) {
        return running(true, axis);
    }

    default Sorted cummin(int axis) {
        return running(false, axis);
    }

    private Sorted running(boolean largest, int axis) {
        int at = self().shape().axis(axis, largest ? "cummax" : "cummin");
        Tensor indices = Dispatch.one(new Op.CumulateIndex(largest, at), self());
        return new Sorted(self().gather(at, indices), indices);
    }

    /// The distinct values, sorted. Needs known elements.
    default Unique unique() {
        return ValueShapes.unique(self());
    }
}
