package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.Arrays;

/// Examples by number. A [DataLoader] asks several threads for batches at once.
public interface Dataset {
    /// Number of examples.
    int size();

    /// Some examples, in this order; always the same for the same numbers, or resumed training
    /// would differ.
    Batch batch(int[] indices);

    /// Examples in memory, one for each element of the first axis.
    static Dataset of(Tensor x, Tensor y) {
        if (x.rank() < 1 || y.rank() < 1 || x.dim(0) != y.dim(0)) {
            throw NnException.shape(
                    "Dataset: inputs %s and targets %s; first axes of one length are needed",
                    x.shape(), y.shape());
        }
        return new Dataset() {
            @Override
            public int size() {
                return x.dim(0);
            }

            @Override
            public Batch batch(int[] indices) {
                Tensor rows = Tensor.of(indices, indices.length);
                return new Batch(x.indexSelect(0, rows), y.indexSelect(0, rows));
            }
        };
    }

    /// Every place of a text is an example: the `length` tokens from there, and those that follow
    /// them, one further on.
    static Dataset windows(long[] text, int length) {
        if (text.length <= NnException.positive("Dataset: length of a window", length)) {
            throw NnException.option(
                    "Dataset: %d tokens give no window of %d and the token behind it",
                    text.length, length);
        }
        return new Dataset() {
            @Override
            public int size() {
                return text.length - length;
            }

            @Override
            public Batch batch(int[] indices) {
                return new Batch(rows(indices, 0), rows(indices, 1));
            }

            private Tensor rows(int[] indices, int shift) {
                long[] all = new long[indices.length * length];
                for (int i = 0; i < indices.length; i++) {
                    System.arraycopy(text, indices[i] + shift, all, i * length, length);
                }
                return Tensor.of(all, indices.length, length);
            }
        };
    }

    /// Examples `begin` to `end` - 1 of this.
    default Dataset slice(int begin, int end) {
        if (begin < 0 || end < begin || end > size()) {
            throw NnException.option(
                    "Dataset: examples %d to %d; there are %d", begin, end, size());
        }
        Dataset whole = this;
        return new Dataset() {
            @Override
            public int size() {
                return end - begin;
            }

            @Override
            public Batch batch(int[] indices) {
                return whole.batch(Arrays.stream(indices).map(index -> begin + index).toArray());
            }
        };
    }
}
