package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;

/// From hidden states to logits over the vocabulary, for the rows that are sampled.
///
/// @param factor on logits, multiplied into the normalized states
/// @param softCap logits are `softCap * tanh(logit / softCap)`; 0 for none
record Head(Norm norm, Linear output, float factor, float softCap) {
    /// Logits that one thread caps at a time.
    private static final int PIECE = 4096;

    Head scaled(float scale) {
        return new Head(norm, output, scale, softCap);
    }

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
            x.copyRow(rows[i], gathered, i);
            norm.apply(kernels, gathered, i, gathered);
            gathered.scaleRow(i, factor);
        }
        FloatMatrix logits = pass.logits(rows.length, output.outputs());
        pass.multiply(gathered, row -> rows[row]).by(output, logits).run(pass);
        if (output.bias() != null) {
            for (int i = 0; i < rows.length; i++) {
                kernels.add(logits, i, output.bias(), 0);
            }
        }
        if (softCap != 0) {
            cap(pass, logits);
        }
        return logits;
    }

    private void cap(Pass pass, FloatMatrix logits) {
        Kernels kernels = pass.kernels();
        int pieces = (logits.columns() + PIECE - 1) / PIECE;
        pass.eachOf(
                pieces * logits.rows(),
                8L * PIECE,
                each -> {
                    int begin = each % pieces * PIECE;
                    int end = Math.min(logits.columns(), begin + PIECE);
                    kernels.softCap(logits.columns(begin, end), each / pieces, softCap);
                });
    }
}
