package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sums, means or maxima of the vectors of bags of integers. State: `weight [count, width]`.
public final class EmbeddingBag extends Block implements Layer {
    /// What becomes of the vectors of a bag.
    public enum Mode {
        SUM,
        MEAN,
        MAX
    }

    private final Parameter weight;
    private final Mode mode;

    private EmbeddingBag(int count, int width, Mode mode, Rng rng) {
        weight = parameter("weight", Init.normal(Shape.of(count, width), 0, 1, rng));
        this.mode = mode;
    }

    public static EmbeddingBag of(int count, int width, Mode mode, Rng rng) {
        return new EmbeddingBag(count, width, mode, rng);
    }

    /// Bags of one length: `[bags, length]` to `[bags, width]`.
    @Override
    public Tensor apply(Tensor bags) {
        if (bags.rank() != 2) {
            throw NnException.shape(
                    "EmbeddingBag: bags %s; [bags, length] is needed, or a vector with offsets",
                    bags.shape());
        }
        Tensor rows = weight.value().index(bags);
        return switch (mode) {
            case SUM -> rows.sum(1);
            case MEAN -> rows.mean(1);
            case MAX -> rows.max(1);
        };
    }

    /// Bags of any length: a vector of integers, and where in it each bag begins. The vectors of a
    /// sum may have weights.
    public Tensor apply(Tensor indices, long[] offsets, @Nullable Tensor perSample) {
        int total = Math.toIntExact(indices.size());
        long[] bagOf = bags(offsets, total);
        if (perSample != null && mode != Mode.SUM) {
            throw NnException.option(
                    "EmbeddingBag: weights of vectors need mode SUM, not %s", mode);
        }
        Tensor rows = weight.value().index(indices);
        Tensor bag = Tensor.of(bagOf, total);
        int width = weight.shape().dim(1);
        Tensor none = Tensor.full(Shape.of(offsets.length, width), 0, rows.dtype());
        return switch (mode) {
            case SUM ->
                    none.indexAdd(
                            0, bag, perSample == null ? rows : rows.mul(perSample.unsqueeze(1)));
            case MEAN -> {
                Tensor counts =
                        Tensor.full(Shape.of(offsets.length), 0, DType.FLOAT32)
                                .indexAdd(0, bag, Tensor.ones(total));
                yield none.indexAdd(0, bag, rows).div(counts.clampMin(1).unsqueeze(1));
            }
            case MAX -> largest(rows, offsets, total, none);
        };
    }

    private static long[] bags(long[] offsets, int total) {
        long[] bagOf = new long[total];
        for (int b = 0; b < offsets.length; b++) {
            long end = b + 1 < offsets.length ? offsets[b + 1] : total;
            if ((b == 0 && offsets[0] != 0) || offsets[b] > end || end > total) {
                throw NnException.option(
                        "EmbeddingBag: offset %d of bag %d; they begin with 0 and rise to at most %d",
                        offsets[b], b, total);
            }
            for (long i = offsets[b]; i < end; i++) {
                bagOf[(int) i] = b;
            }
        }
        return bagOf;
    }

    private static Tensor largest(Tensor rows, long[] offsets, int total, Tensor none) {
        List<Tensor> all = new ArrayList<>();
        for (int b = 0; b < offsets.length; b++) {
            int end = Math.toIntExact(b + 1 < offsets.length ? offsets[b + 1] : total);
            int begin = Math.toIntExact(offsets[b]);
            all.add(begin == end ? none.select(0, b) : rows.slice(0, begin, end).max(0));
        }
        return all.isEmpty() ? none : Tensors.stack(0, all);
    }
}
