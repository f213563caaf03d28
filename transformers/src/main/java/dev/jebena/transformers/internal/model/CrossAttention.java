package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The attention of encoders and decoders that belong together.
///
/// @param scale of products of queries and keys
record CrossAttention(
        Linear query, Linear key, Linear value, Linear output, int heads, double scale) {
    /// Rows that see each other.
    Tensor among(Tensor x, @Nullable Tensor bias, boolean causal) {
        Tensor seen =
                Heads.split(query.apply(x), heads)
                        .attention(
                                Heads.split(key.apply(x), heads),
                                Heads.split(value.apply(x), heads),
                                bias,
                                causal,
                                scale);
        return output.apply(Heads.join(seen));
    }

    /// What rows see of others.
    Tensor over(Tensor x, Tensor others) {
        Tensor seen =
                Heads.split(query.apply(x), heads)
                        .attention(
                                Heads.split(key.apply(others), heads),
                                Heads.split(value.apply(others), heads),
                                null,
                                false,
                                scale);
        return output.apply(Heads.join(seen));
    }

    /// One token of each answer, `[answers, width]`, which sees itself and those before it.
    Tensor step(Tensor x, DecoderState state, int layer, @Nullable Tensor bias) {
        Tensor keys = state.keys(layer, single(key.apply(x)));
        Tensor values = state.values(layer, single(value.apply(x)));
        return merged(single(query.apply(x)).attention(keys, values, bias, false, scale));
    }

    /// One token of each answer, which sees the text that was read.
    Tensor crossStep(Tensor x, DecoderState state, int layer) {
        Tensor queries = single(query.apply(x)).squeeze(2).permute(1, 0, 2).unsqueeze(0);
        Tensor seen =
                queries.attention(
                        state.crossKeys(layer), state.crossValues(layer), null, false, scale);
        return output.apply(Heads.join(seen.squeeze(0)));
    }

    /// The keys, or values, of the text that was read.
    Tensor all(Linear part, Tensor read) {
        return Heads.split(part.apply(read), heads).unsqueeze(0);
    }

    /// `[answers, heads * d]` as `[answers, heads, 1, d]`.
    private Tensor single(Tensor x) {
        return x.reshape(x.dim(0), heads, 1, x.dim(1) / heads);
    }

    private Tensor merged(Tensor x) {
        return output.apply(x.reshape(x.dim(0), x.dim(1) * x.dim(3)));
    }
}
