package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;

/// Rows as the heads of attention see them.
final class Heads {
    private Heads() {}

    /// `[n, heads * d]` as `[heads, n, d]`.
    static Tensor split(Tensor x, int heads) {
        return x.reshape(x.dim(0), heads, x.dim(1) / heads).permute(1, 0, 2);
    }

    /// `[heads, n, d]` as `[n, heads * d]`.
    static Tensor join(Tensor x) {
        return x.permute(1, 0, 2).reshape(x.dim(1), x.dim(0) * x.dim(2));
    }

    /// Refuses a width that the heads cannot share.
    static int checked(ModelConfig config, int width, int heads) {
        if (width % heads != 0) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "%s: %d heads of attention cannot share a width of %d"
                            .formatted(config.place(), heads, width));
        }
        return heads;
    }
}
