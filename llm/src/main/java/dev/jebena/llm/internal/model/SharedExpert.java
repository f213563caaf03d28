package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;

/// An expert of all rows, whose result is multiplied with `sigmoid(gate(x))`.
///
/// @param gate has one output
record SharedExpert(FeedForward network, Linear gate) {
    void reserve(Scratch.Plan plan) {
        network.reserve(plan);
        plan.reserveInput(gate);
        plan.reserve(Scratch.Slot.ROUTED, gate.outputs());
        plan.reserve(Scratch.Slot.EXPERT_OUT, network.down().outputs());
    }

    /// Adds its results to `out`.
    void run(Pass pass, FloatMatrix in, FloatMatrix out) {
        Kernels kernels = pass.kernels();
        FloatMatrix open = pass.matrix(Scratch.Slot.ROUTED, gate.outputs());
        FloatMatrix y = pass.matrix(Scratch.Slot.EXPERT_OUT, out.columns());
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
