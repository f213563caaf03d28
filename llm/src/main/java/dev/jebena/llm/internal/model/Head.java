package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;

/// From hidden states to logits over the vocabulary, for the rows that are sampled.
record Head(Norm norm, Linear output) {
    void reserve(Scratch.Plan plan) {
        plan.reserveInput(output);
        plan.reserve(Scratch.Slot.LOGITS, output.outputs());
    }

    FloatMatrix run(Pass pass, int[] rows) {
        Kernels kernels = pass.kernels();
        FloatMatrix x = pass.hidden();
        FloatMatrix gathered = pass.gathered(rows.length);
        for (int i = 0; i < rows.length; i++) {
            // The norm reads and writes the same row number, so the row moves first.
            gathered.data()
                    .asSlice(gathered.offset(i, 0), 4L * x.columns())
                    .copyFrom(x.data().asSlice(x.offset(rows[i], 0), 4L * x.columns()));
            norm.apply(kernels, gathered, i, gathered);
        }
        FloatMatrix logits = pass.logits(rows.length, output.outputs());
        pass.multiply(gathered).by(output, logits).run(pass);
        if (output.bias() != null) {
            for (int i = 0; i < rows.length; i++) {
                kernels.add(logits, i, output.bias(), 0);
            }
        }
        return logits;
    }
}
