package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import org.jspecify.annotations.Nullable;

/// `x += scale * after(body(before(x)))`, or with `last` `x = last(x + body(x))`: a body within a
/// residual connection, with norms where the family has them.
///
/// @param before norm of the body's input
/// @param after norm of the body's output
/// @param last norm of the sum
/// @param scale factor on what is added
record Residual(
        @Nullable Norm before, Body body, @Nullable Norm after, @Nullable Norm last, float scale)
        implements Block {
    static Residual preNorm(@Nullable Norm before, Body body) {
        return new Residual(before, body, null, null, 1);
    }

    static Residual sandwich(@Nullable Norm before, Body body, @Nullable Norm after) {
        return new Residual(before, body, after, null, 1);
    }

    static Residual postNorm(Body body, Norm last) {
        return new Residual(null, body, null, last, 1);
    }

    Residual scaled(float factor) {
        return new Residual(before, body, after, last, factor);
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
        if (scale == 1) {
            kernels.add(x, row, out, row);
        } else {
            kernels.addScaled(x, row, out, row, scale);
        }
        if (last != null) {
            last.apply(kernels, x, row, x);
        }
    }
}
