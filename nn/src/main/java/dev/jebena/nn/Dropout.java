package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;

/// While training, sets numbers to 0 with a probability and divides the others by what is left;
/// else it passes all on.
public final class Dropout extends Block implements Layer {
    private final double p;
    private final boolean channels;
    private final Rng rng;

    private Dropout(double p, boolean channels, Rng rng) {
        this.p = NnException.probability("Dropout", p);
        this.channels = channels;
        this.rng = generator(rng);
    }

    public static Dropout of(double p, Rng rng) {
        return new Dropout(p, false, rng);
    }

    /// Drops whole channels of `[n, c, ...]`: `Dropout1d` to `3d`.
    public static Dropout ofChannels(double p, Rng rng) {
        return new Dropout(p, true, rng);
    }

    @Override
    public Tensor apply(Tensor x) {
        if (!isTraining() || p == 0) {
            return x;
        }
        if (!channels || x.rank() < 3) {
            return x.dropout(p, rng);
        }
        Shape mask = Shape.of(x.dim(0), x.dim(1));
        Tensor kept = Tensor.full(mask, 1, DType.FLOAT32).dropout(p, rng).to(x.dtype());
        int[] dims = x.shape().toArray();
        Arrays.fill(dims, 2, dims.length, 1);
        return x.mul(kept.reshape(dims));
    }
}
