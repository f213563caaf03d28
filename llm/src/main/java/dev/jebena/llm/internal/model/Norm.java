package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import org.jspecify.annotations.Nullable;

/// How rows are normalized.
sealed interface Norm {
    /// The kind that the file's epsilon belongs to.
    static Norm read(Weights weights, String name, int width, float epsilon) {
        return of(
                weights,
                weights.vector(name + ".weight", width),
                weights.optionalVector(name + ".bias", width),
                epsilon);
    }

    /// The kind that the file's epsilon belongs to.
    static Norm of(Weights weights, FloatMatrix weight, @Nullable FloatMatrix bias, float epsilon) {
        return weights.normalizesSquares()
                ? new Rms(weight, epsilon)
                : new Layer(weight, bias == null ? weights.zeros(weight.columns()) : bias, epsilon);
    }

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

    /// Layer norm; some families have no bias.
    record Layer(FloatMatrix weight, FloatMatrix bias, float epsilon) implements Norm {
        static Layer read(Weights weights, String name, int width, float epsilon) {
            FloatMatrix bias = weights.optionalVector(name + ".bias", width);
            return new Layer(
                    weights.vector(name + ".weight", width),
                    bias == null ? weights.zeros(width) : bias,
                    epsilon);
        }

        @Override
        public void apply(Kernels kernels, FloatMatrix x, int row, FloatMatrix out) {
            kernels.layerNorm(x, row, weight, bias, epsilon, out);
        }
    }
}
