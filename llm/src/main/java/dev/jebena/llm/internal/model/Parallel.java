package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import org.jspecify.annotations.Nullable;

/// `x += first(norm(x)) + second(otherNorm(x))`: attention and a feed-forward network side by side,
/// both computed from what comes into the layer.
///
/// @param norm of the first body's input
/// @param otherNorm of the second body's input; null if both get the same
record Parallel(Norm norm, Body first, @Nullable Norm otherNorm, Body second) implements Block {
    @Override
    public void reserve(Scratch.Plan plan) {
        first.reserve(plan);
        second.reserve(plan);
    }

    @Override
    public void run(Pass pass) {
        Kernels kernels = pass.kernels();
        FloatMatrix x = pass.hidden();
        FloatMatrix in = pass.normed();
        FloatMatrix out = pass.output();
        pass.eachRow(x.columns(), row -> norm.apply(kernels, x, row, in));
        first.run(pass, in, out);
        pass.eachRow(2L * x.columns(), row -> between(kernels, x, in, out, row));
        second.run(pass, in, out);
        pass.eachRow(x.columns(), row -> kernels.add(x, row, out, row));
    }

    /// Takes the second body's input from the hidden state before the first one's result is added
    /// to it.
    private void between(Kernels kernels, FloatMatrix x, FloatMatrix in, FloatMatrix out, int row) {
        if (otherNorm != null) {
            otherNorm.apply(kernels, x, row, in);
        }
        kernels.add(x, row, out, row);
    }
}
