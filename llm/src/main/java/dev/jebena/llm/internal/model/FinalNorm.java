package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;

/// `x = norm(x)`: the end of an encoder whose layers have their norms before them.
record FinalNorm(Norm norm) implements Block {
    @Override
    public void reserve(Scratch.Plan plan) {}

    @Override
    public void run(Pass pass) {
        FloatMatrix x = pass.hidden();
        pass.eachRow(x.columns(), row -> norm.apply(pass.kernels(), x, row, x));
    }
}
