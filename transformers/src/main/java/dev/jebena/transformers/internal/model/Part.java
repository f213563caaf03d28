package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The tensors of a checkpoint whose names begin alike.
///
/// @param prefix empty, or with a dot at its end
public record Part(Checkpoint checkpoint, String prefix) {
    public Part at(String name) {
        return new Part(checkpoint, prefix + name + ".");
    }

    public boolean has(String name) {
        return checkpoint.has(prefix + name);
    }

    /// @param shape lengths of the axes; 0 for any
    public Tensor tensor(String name, int... shape) {
        return checkpoint.tensor(prefix + name, shape);
    }

    public @Nullable Tensor optional(String name, int... shape) {
        return has(name) ? tensor(name, shape) : null;
    }

    /// A table with a row for each number.
    public Tensor table(String name, int width) {
        return tensor(name + ".weight", 0, width);
    }

    /// With a bias where there is one.
    public Linear linear(String name, int inputs, int outputs) {
        return new Linear(
                tensor(name + ".weight", outputs, inputs), optional(name + ".bias", outputs));
    }

    /// With a bias where there is one.
    public Norm norm(String name, int width, double epsilon) {
        return new Norm(tensor(name + ".weight", width), optional(name + ".bias", width), epsilon);
    }
}
