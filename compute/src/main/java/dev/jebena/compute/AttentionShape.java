package dev.jebena.compute;

import org.jspecify.annotations.Nullable;

/// The parts of an attention layer that do not change from token to token.
///
/// @param heads query heads
/// @param kvHeads key/value heads; divides `heads` (grouped-query attention)
/// @param headDim elements of one key head and of one value head
/// @param scale factor on the dot products, usually `1 / sqrt(headDim)`
/// @param window keys that a query sees, itself included; 0 for all
/// @param softCap logits are `softCap * tanh(logit / softCap)`; 0 for none
/// @param causal whether a query sees only keys at its own and earlier positions
/// @param alibi the bias of ALiBi (Press et al. 2021): logits fall by [#slope] for each position
///   between query and key, and `2^-alibi` is the least slope of a power of two of heads; 0 for
///   none
/// @param sinks a logit for each query head that takes its share of the weights like one more key,
///   whose value is 0 (Xiao et al. 2023); null for none
public record AttentionShape(
        int heads,
        int kvHeads,
        int headDim,
        float scale,
        int window,
        float softCap,
        boolean causal,
        float alibi,
        @Nullable FloatMatrix sinks) {
    public AttentionShape {
        if (sinks != null && (sinks.rows() != 1 || sinks.columns() != heads)) {
            throw new IllegalArgumentException(
                    "attention: %d heads, but sinks [%d, %d]"
                            .formatted(heads, sinks.rows(), sinks.columns()));
        }
    }

    /// Without ALiBi and sinks.
    public AttentionShape(
            int heads,
            int kvHeads,
            int headDim,
            float scale,
            int window,
            float softCap,
            boolean causal) {
        this(heads, kvHeads, headDim, scale, window, softCap, causal, 0, null);
    }

    public AttentionShape withSoftCap(float cap) {
        return new AttentionShape(
                heads, kvHeads, headDim, scale, window, cap, causal, alibi, sinks);
    }

    public AttentionShape withAlibi(float bias) {
        return new AttentionShape(
                heads, kvHeads, headDim, scale, window, softCap, causal, bias, sinks);
    }

    public AttentionShape withSinks(FloatMatrix logits) {
        return new AttentionShape(
                heads, kvHeads, headDim, scale, window, softCap, causal, alibi, logits);
    }

    /// The sink of a query head; negative infinity where there are none.
    public float sink(int head) {
        return sinks == null ? Float.NEGATIVE_INFINITY : sinks.get(0, head);
    }

    /// How much the logits of a query head fall with each position; 0 without ALiBi. The heads up
    /// to the largest power of two have slopes that are powers of the first one's; further heads
    /// lie between those.
    public float slope(int head) {
        if (alibi == 0) {
            return 0;
        }
        int regular = Integer.highestOneBit(heads);
        double exponent = head < regular ? head + 1.0 : (2 * (head - regular) + 1) / 2.0;
        return (float) Math.pow(2, -alibi * exponent / regular);
    }
}
