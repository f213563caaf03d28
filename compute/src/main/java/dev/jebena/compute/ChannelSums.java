package dev.jebena.compute;

import dev.jebena.compute.Panels.Place;

/// Sums of products of channels that lie side by side, each channel for itself: depthwise
/// convolutions and their gradients. All implementations give the same bits.
///
/// [#LANES] channels are computed at a time. Where things lie is given by tables of byte offsets,
/// which the caller answers for: that they are within the memory is not checked.
public interface ChannelSums {
    /// Channels side by side: 64 bytes.
    int LANES = 16;

    /// The fastest that this machine and its JVM flags allow.
    static ChannelSums best() {
        return TileProductLookup.CHANNEL_SUMS;
    }

    /// The readable reference.
    static ChannelSums scalar() {
        return ScalarChannelSums.INSTANCE;
    }

    /// Result n is the sum over t of `x[table[n * taps + t]] * weights[t]`: a chain of fused
    /// multiply-adds in the order of t that begins with 0.
    ///
    /// @param weights 64 bytes for each tap
    /// @param results 64 bytes each
    void forward(Place x, Place table, int count, int taps, Place weights, Place results);

    /// Adds to sum t for each n the product `x[table[n * taps + t]] * results[n]`, fused, in the
    /// order of n.
    ///
    /// @param sums 64 bytes for each tap
    void gradient(Place x, Place table, int count, int taps, Place results, Place sums);
}
