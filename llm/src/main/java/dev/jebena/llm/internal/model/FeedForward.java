package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import org.jspecify.annotations.Nullable;

/// A feed-forward network: `down(activation(gate(x)) * up(x))`, or without a gate
/// `down(activation(up(x)))`.
record FeedForward(@Nullable Linear gate, Linear up, Linear down, Activation activation)
        implements Body {
    enum Activation {
        SILU,
        /// The tanh form.
        GELU,
        /// gpt-oss: `gate * sigmoid(1.702 gate) * (up + 1)`, with limits on both.
        LIMITED_SILU
    }

    private static final float LIMIT = 7;
    private static final float STEEPNESS = 1.702f;

    FeedForward {
        if (gate == null && activation != Activation.GELU) {
            throw new IllegalArgumentException(activation + " is used with a gate only");
        }
    }

    /// The gate, of a network that has one.
    Linear opened() {
        if (gate == null) {
            throw new IllegalStateException("a feed-forward network without gate");
        }
        return gate;
    }

    @Override
    public void reserve(Scratch.Plan plan) {
        plan.reserveInput(up);
        plan.reserveInput(down);
        plan.reserve(Scratch.Slot.UP, up.outputs());
        if (gate != null) {
            plan.reserveInput(gate);
            plan.reserve(Scratch.Slot.GATE, gate.outputs());
        }
    }

    @Override
    public void run(Pass pass, FloatMatrix in, FloatMatrix out) {
        FloatMatrix u = pass.matrix(Scratch.Slot.UP, up.outputs());
        FloatMatrix inner = u;
        Kernels kernels = pass.kernels();
        if (gate == null) {
            pass.multiply(in).by(up, u).run(pass);
            pass.addBias(up, u);
            pass.eachRow(4L * u.columns(), row -> kernels.gelu(u, row));
        } else {
            FloatMatrix g = pass.matrix(Scratch.Slot.GATE, gate.outputs());
            inner = g;
            pass.multiply(in).by(gate, g).by(up, u).run(pass);
            pass.addBias(gate, g);
            pass.addBias(up, u);
            pass.eachRow(4L * u.columns(), row -> activate(kernels, g, u, row));
        }
        pass.multiply(inner).by(down, out).run(pass);
        pass.addBias(down, out);
    }

    /// Replaces a row of `g` by its activation times that of `u`, which it may change.
    void activate(Kernels kernels, FloatMatrix g, FloatMatrix u, int row) {
        switch (activation) {
            case SILU -> kernels.siluMultiply(g, u, row);
            case GELU -> kernels.geluMultiply(g, u, row);
            case LIMITED_SILU -> {
                for (int i = 0; i < g.columns(); i++) {
                    float up = Math.clamp(u.get(row, i), -LIMIT, LIMIT);
                    // silu(s x) = s x sigmoid(s x), so the steepness is divided out again.
                    g.set(row, i, Math.min(g.get(row, i), LIMIT) * STEEPNESS);
                    u.set(row, i, (up + 1) / STEEPNESS);
                }
                kernels.siluMultiply(g, u, row);
            }
        }
    }
}
