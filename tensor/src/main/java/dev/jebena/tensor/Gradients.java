package dev.jebena.tensor;

import dev.jebena.tensor.Value.Tracked;
import java.util.Map;

/// The gradients of one number for the variables it was computed from.
public final class Gradients {
    private final Map<Tracked, Tensor> found;

    Gradients(Map<Tracked, Tensor> found) {
        this.found = found;
    }

    /// The gradient for a variable; zeros if nothing depends on it.
    public Tensor of(Tensor variable) {
        if (!(variable.value() instanceof Tracked tracked) || tracked.node() != null) {
            throw TensorException.gradient(
                    "gradients are kept for variables only; this %s is %s",
                    variable.spec(), variable.isTracked() ? "computed from some" : "a constant");
        }
        Tensor gradient = found.get(tracked);
        return gradient == null ? variable.detach().zerosLike() : gradient;
    }

    /// Whether the number depends on the variable.
    public boolean contains(Tensor variable) {
        return variable.value() instanceof Tracked tracked && found.containsKey(tracked);
    }

    /// Number of variables with a gradient.
    public int size() {
        return found.size();
    }
}
