package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import org.jspecify.annotations.Nullable;

/// An expert of all rows, whose result is multiplied with `sigmoid(gate(x))` where it has a gate.
///
/// @param gate has one output; null for none
record SharedExpert(FeedForward network, @Nullable Linear gate) {
    void reserve(Scratch.Plan plan) {
        network.reserve(plan);
        if (gate != null) {
            plan.reserveInput(gate);
            plan.reserve(Scratch.Slot.ROUTED, gate.outputs());
        }
        plan.reserve(Scratch.Slot.EXPERT_OUT, network.down().outputs());
    }

    /// Adds its results to `out`.
    void run(Pass pass, FloatMatrix in, FloatMatrix out) {
        Kernels kernels = pass.kernels();
        FloatMatrix y = pass.matrix(Scratch.Slot.EXPERT_OUT, out.columns());
        if (gate == null) {
            network.run(pass, in, y);
            pass.eachRow(out.columns(), row -> kernels.add(out, row, y, row));
            return;
        }
        FloatMatrix open = pass.matrix(Scratch.Slot.ROUTED, gate.outputs());
        pass.multiply(in).by(gate, open).run(pass);
        network.run(pass, in, y);
        pass.eachRow(
                out.columns(),
                row -> kernels.addScaled(out, row, y, row, sigmoid(open.get(row, 0))));
    }

    private static float sigmoid(float x) {
        return (float) (1 / (1 + StrictMath.exp(-x)));
    }
}
