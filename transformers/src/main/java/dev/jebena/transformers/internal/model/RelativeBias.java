package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;

/// What attention gets added by distance: near ones each have a number of their own, far ones share
/// them by the logarithm (T5, Raffel et al. 2019).
///
/// @param table `[buckets, heads]`
/// @param bothWays whether what comes later has numbers of its own
/// @param farthest distance from which on all have the same
record RelativeBias(Tensor table, boolean bothWays, int farthest) {
    /// `[heads, queries, keys]`.
    ///
    /// @param begin place of the first query
    Tensor of(int queries, int keys, int begin) {
        int[] buckets = new int[queries * keys];
        for (int i = 0; i < queries; i++) {
            for (int k = 0; k < keys; k++) {
                buckets[i * keys + k] = bucket(k - (begin + i));
            }
        }
        return table.index(Tensor.of(buckets, queries, keys)).permute(2, 0, 1);
    }

    /// @param distance from the query to the key
    private int bucket(int distance) {
        int count = table.dim(0);
        int first = 0;
        int far = Math.max(0, -distance);
        if (bothWays) {
            count /= 2;
            first = distance > 0 ? count : 0;
            far = Math.abs(distance);
        }
        int exact = count / 2;
        if (far < exact) {
            return first + far;
        }
        // In float32, as the original: the borders depend on it.
        float log = (float) Math.log((float) far / exact);
        float share = log / (float) Math.log((double) farthest / exact);
        return first + Math.min(exact + (int) (share * (count - exact)), count - 1);
    }
}
