package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;

/// `x = second(x + first(x + body(x)))`: a residual connection around another.
record TwiceResidual(Body body, Norm first, Norm second) implements Block {
    @Override
    public void reserve(Scratch.Plan plan) {
        body.reserve(plan);
    }

    @Override
    public void run(Pass pass) {
        FloatMatrix x = pass.hidden();
        FloatMatrix out = pass.output();
        body.run(pass, x, out);
        pass.eachRow(2L * x.columns(), row -> close(pass.kernels(), x, out, row));
    }

    private void close(Kernels kernels, FloatMatrix x, FloatMatrix out, int row) {
        kernels.add(out, row, x, row);
        first.apply(kernels, out, row, out);
        kernels.add(x, row, out, row);
        second.apply(kernels, x, row, x);
    }
}
