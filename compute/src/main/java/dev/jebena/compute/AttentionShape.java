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
public record AttentionShape(
        int heads,
        int kvHeads,
        int headDim,
        float scale,
        int window,
        float softCap,
        boolean causal) {}
