package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.WeightMatrix;
import org.jspecify.annotations.Nullable;

/// Hidden states of tokens before the first layer.
///
/// @param scale factor on the embedding
/// @param positions a learned vector for each position, or null
/// @param addend a vector added to every row (BERT's token type 0), or null
/// @param norm of the sum, or null
record TokenInput(
        WeightMatrix embedding,
        float scale,
        @Nullable WeightMatrix positions,
        @Nullable FloatMatrix addend,
        @Nullable Norm norm) {
    /// The embedding's tensor.
    static final String TABLE = "token_embd.weight";

    static TokenInput of(WeightMatrix embedding, float scale) {
        return new TokenInput(embedding, scale, null, null, null);
    }

    /// With a learned vector for each position.
    TokenInput withPositions(WeightMatrix learned) {
        return new TokenInput(embedding, scale, learned, addend, norm);
    }

    /// With a norm of the sum.
    TokenInput withNorm(Norm last) {
        return new TokenInput(embedding, scale, positions, addend, last);
    }

    void run(Pass pass) {
        FloatMatrix x = pass.hidden();
        FloatMatrix other = pass.output();
        pass.eachRow(2L * x.columns(), row -> compute(pass, x, other, row));
    }

    private void compute(Pass pass, FloatMatrix x, FloatMatrix other, int row) {
        Kernels kernels = pass.kernels();
        kernels.decodeRow(embedding, pass.token(row), x, row);
        pass.adaptEmbedding(TABLE, x, row);
        x.scaleRow(row, scale);
        if (positions != null) {
            kernels.decodeRow(positions, pass.position(row), other, row);
            kernels.add(x, row, other, row);
        }
        if (addend != null) {
            kernels.add(x, row, addend, 0);
        }
        if (norm != null) {
            norm.apply(kernels, x, row, x);
        }
    }
}
