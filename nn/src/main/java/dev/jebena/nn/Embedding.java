package dev.jebena.nn;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// A table of vectors: integers `[...]` to `[..., width]`. State: `weight [count, width]`.
public final class Embedding extends Block implements Layer {
    private static final int NONE = -1;
    private final Parameter weight;
    private final int padding;

    private Embedding(int count, int width, int padding, Rng rng) {
        NnException.positive("Embedding: number of vectors", count);
        if (padding < NONE || padding >= count) {
            throw NnException.option(
                    "Embedding: padding index %d; 0 to %d is needed", padding, count - 1);
        }
        this.padding = padding;
        Tensor first = Init.normal(Shape.of(count, width), 0, 1, rng);
        Tensor rows = Tensor.arange(count).unsqueeze(1);
        weight =
                parameter(
                        "weight", padding == NONE ? first : first.maskedFill(rows.eq(padding), 0));
    }

    /// With vectors of normal numbers.
    public static Embedding of(int count, int width, Rng rng) {
        return new Embedding(count, width, NONE, rng);
    }

    /// One vector is zeros and has no gradient.
    public static Embedding withPadding(int count, int width, int padding, Rng rng) {
        return new Embedding(count, width, padding, rng);
    }

    public Parameter weight() {
        return weight;
    }

    @Override
    public Tensor apply(Tensor indices) {
        Tensor rows = weight.value().index(indices);
        if (padding == NONE) {
            return rows;
        }
        // The padding's row as a constant, so that its gradient is zero.
        return indices.eq(padding).unsqueeze(-1).where(rows.detach(), rows);
    }
}
