package dev.jebena.tensor;

import dev.jebena.tensor.internal.Elements;
import dev.jebena.tensor.internal.View;
import java.util.Arrays;

/// Operations whose result's shape depends on the elements: they need known ones, and cannot be
/// traced or mapped.
final class ValueShapes {
    private ValueShapes() {}

    static Tensor nonzero(Tensor x) {
        View view = x.to(DType.BOOL).view().contiguous();
        int rank = x.rank();
        int size = Math.toIntExact(x.size());
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += (int) Elements.integer(DType.BOOL, view.memory(), view.offset() + i);
        }
        long[] rows = new long[count * rank];
        int row = 0;
        for (int i = 0; i < size; i++) {
            if (Elements.integer(DType.BOOL, view.memory(), view.offset() + i) != 0) {
                long rest = i;
                for (int axis = rank - 1; axis >= 0; axis--) {
                    rows[row * rank + axis] = rest % x.dim(axis);
                    rest /= x.dim(axis);
                }
                row++;
            }
        }
        return Tensor.of(rows, count, rank);
    }

    static Sorting.Unique unique(Tensor x) {
        Tensor flat = x.detach().flatten();
        int n = Math.toIntExact(flat.size());
        long[] order = flat.argsort(0, false).toLongs();
        boolean[] differs = new boolean[n];
        if (n > 0) {
            Tensor sorted = flat.indexSelect(0, Tensor.of(order, n));
            long[] changes =
                    sorted.slice(0, 1, n).ne(sorted.slice(0, 0, n - 1)).to(DType.INT64).toLongs();
            differs[0] = true;
            for (int i = 1; i < n; i++) {
                differs[i] = changes[i - 1] != 0;
            }
        }
        long[] inverse = new long[n];
        long[] counts = new long[n];
        long[] first = new long[n];
        int found = 0;
        for (int i = 0; i < n; i++) {
            if (differs[i]) {
                first[found++] = order[i];
            }
            inverse[(int) order[i]] = found - 1L;
            counts[found - 1]++;
        }
        Tensor values = flat.indexSelect(0, Tensor.of(Arrays.copyOf(first, found), found));
        return new Sorting.Unique(
                values,
                Tensor.of(inverse, n).reshape(x.shape()),
                Tensor.of(Arrays.copyOf(counts, found), found));
    }
}
