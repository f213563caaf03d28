package dev.jebena.nn;

import dev.jebena.tensor.Tensor;

/// What becomes of the losses of all elements.
public enum Reduction {
    /// They stay as they are.
    NONE,
    MEAN,
    SUM;

    Tensor of(Tensor each) {
        return switch (this) {
            case NONE -> each;
            case MEAN -> each.mean();
            case SUM -> each.sum();
        };
    }
}
