package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import org.jspecify.annotations.Nullable;

/// `x += after(body(before(x)))`, or with `last` `x = last(x + body(x))`: a body within a residual
/// connection, with norms where the family has them.
///
/// @param before norm of the body's input
/// @param after norm of the body's output
/// @param last norm of the sum
record Residual(@Nullable Norm before, Body body, @Nullable Norm after, @Nullable Norm last)
        implements Block {
    static Residual preNorm(Norm before, Body body) {
        return new Residual(before, body, null, null);
    }

    static Residual sandwich(Norm before, Body body, Norm after) {
        return new Residual(before, body, after, null);
    }

    static Residual postNorm(Body body, Norm last) {
        return new Residual(null, body, null, last);
    }

    @Override
    public void reserve(Scratch.Plan plan) {
        body.reserve(plan);
    }

    @Override
    public void run(Pass pass) {
        Kernels kernels = pass.kernels();
        FloatMatrix x = pass.hidden();
        FloatMatrix in = before == null ? x : pass.normed();
        FloatMatrix out = pass.output();
        if (before != null) {
            pass.eachRow(x.columns(), row -> before.apply(kernels, x, row, in));
        }
        body.run(pass, in, out);
        pass.eachRow(x.columns(), row -> close(kernels, x, out, row));
    }

    private void close(Kernels kernels, FloatMatrix x, FloatMatrix out, int row) {
        if (after != null) {
            after.apply(kernels, out, row, out);
        }
        kernels.add(x, row, out, row);
        if (last != null) {
            last.apply(kernels, x, row, x);
        }
    }
}
