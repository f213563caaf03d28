package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Reads a view's elements in the order of its indices, from any place on, whatever its strides.
public final class Reader {
    private final DType dtype;
    private final MemorySegment memory;
    private final long offset;
    private final int[] dims;
    private final long[] strides;

    public Reader(View view) {
        dtype = view.dtype();
        memory = view.memory();
        offset = view.offset();
        int rank = view.shape().rank();
        int[] merged = new int[rank];
        long[] mergedStrides = new long[rank];
        int count = 0;
        for (int i = 0; i < rank; i++) {
            int dim = view.shape().dim(i);
            long stride = view.stride(i);
            if (dim == 1) {
                continue;
            }
            long together = count == 0 ? Long.MAX_VALUE : (long) merged[count - 1] * dim;
            if (together <= Integer.MAX_VALUE && mergedStrides[count - 1] == stride * dim) {
                merged[count - 1] *= dim;
                mergedStrides[count - 1] = stride;
            } else {
                merged[count] = dim;
                mergedStrides[count++] = stride;
            }
        }
        dims = Arrays.copyOf(merged, count);
        strides = Arrays.copyOf(mergedStrides, count);
    }

    /// Something that takes `n` elements, `stride` apart from element `from` of the memory on, as
    /// elements `at` and following of what is read.
    private interface Run {
        void take(long from, long stride, int at, int n);
    }

    public void read(long begin, int n, double[] to) {
        runs(
                begin,
                n,
                (from, stride, at, count) ->
                        Elements.load(dtype, memory, from, stride, to, at, count));
    }

    public void read(long begin, int n, long[] to) {
        runs(
                begin,
                n,
                (from, stride, at, count) ->
                        Elements.load(dtype, memory, from, stride, to, at, count));
    }

    /// Reads into memory of the same element type.
    public void read(long begin, int n, MemorySegment to, long toElement) {
        int bytes = dtype.bytes();
        runs(
                begin,
                n,
                (from, stride, at, count) ->
                        Copy.run(memory, from, stride, to, toElement + at, 1, count, bytes));
    }

    /// Where an element lies in the memory.
    long place(long index) {
        long rest = index;
        long place = offset;
        for (int i = dims.length - 1; i >= 0; i--) {
            place += rest % dims[i] * strides[i];
            rest /= dims[i];
        }
        return place;
    }

    private void runs(long begin, int n, Run run) {
        int last = dims.length - 1;
        if (n == 0) {
            return;
        }
        if (last < 0) {
            run.take(offset, 0, 0, n);
            return;
        }
        int[] index = new int[dims.length];
        long rest = begin;
        long from = offset;
        for (int i = last; i >= 0; i--) {
            index[i] = (int) (rest % dims[i]);
            rest /= dims[i];
            from += index[i] * strides[i];
        }
        int done = 0;
        while (done < n) {
            int count = Math.min(n - done, dims[last] - index[last]);
            run.take(from, strides[last], done, count);
            done += count;
            index[last] += count;
            from += count * strides[last];
            for (int i = last; i > 0 && index[i] == dims[i]; i--) {
                index[i] = 0;
                from += strides[i - 1] - dims[i] * strides[i];
                index[i - 1]++;
            }
        }
    }
}
