package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;

/// How rows are normalized.
sealed interface Norm {
    /// Normalizes row `row` of `x` into the same row of `out`, which may be `x`.
    void apply(Kernels kernels, FloatMatrix x, int row, FloatMatrix out);

    /// Root mean square norm.
    record Rms(FloatMatrix weight, float epsilon) implements Norm {
        static Rms read(Weights weights, String name, int width, float epsilon) {
            return new Rms(weights.vector(name + ".weight", width), epsilon);
        }

        @Override
        public void apply(Kernels kernels, FloatMatrix x, int row, FloatMatrix out) {
            kernels.rmsNorm(x, row, weight, epsilon, out);
        }
    }

    /// Layer norm.
    record Layer(FloatMatrix weight, FloatMatrix bias, float epsilon) implements Norm {
        static Layer read(Weights weights, String name, int width, float epsilon) {
            return new Layer(
                    weights.vector(name + ".weight", width),
                    weights.vector(name + ".bias", width),
                    epsilon);
        }

        @Override
        public void apply(Kernels kernels, FloatMatrix x, int row, FloatMatrix out) {
            kernels.layerNorm(x, row, weight, bias, epsilon, out);
        }
    }
}
