package dev.jebena.compute;

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
public record AttentionShape(
        int heads,
        int kvHeads,
        int headDim,
        float scale,
        int window,
        float softCap,
        boolean causal,
        float alibi) {
    /// Without ALiBi.
    public AttentionShape(
            int heads,
            int kvHeads,
            int headDim,
            float scale,
            int window,
            float softCap,
            boolean causal) {
        this(heads, kvHeads, headDim, scale, window, softCap, causal, 0);
    }

    public AttentionShape withSoftCap(float cap) {
        return new AttentionShape(heads, kvHeads, headDim, scale, window, cap, causal, alibi);
    }

    public AttentionShape withAlibi(float bias) {
        return new AttentionShape(heads, kvHeads, headDim, scale, window, softCap, causal, bias);
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
