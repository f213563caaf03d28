package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a token, its place and its part of a pair add up to.
///
/// @param positions by place, or null where attention knows places
/// @param types by part of a pair, or null
/// @param norm null for none
/// @param projection to the width of the layers, or null
/// @param padding the token that has no place: the others are numbered behind its id (RoBERTa); -1
///   where places are numbered from 0
record Embeddings(
        Tensor words,
        @Nullable Tensor positions,
        @Nullable Tensor types,
        @Nullable Norm norm,
        @Nullable Linear projection,
        int padding) {
    /// How many tokens have a place.
    int longest() {
        return positions == null ? Encoder.MOST_TOKENS : positions.dim(0) - (padding + 1);
    }

    Tensor apply(int[] ids, int[] parts) {
        Tensor sum = words.index(Tensor.of(ids));
        if (positions != null) {
            sum = sum.add(positions.index(Tensor.of(places(ids))));
        }
        if (types != null) {
            int last = types.dim(0) - 1;
            sum =
                    sum.add(
                            types.index(
                                    Tensor.of(
                                            Arrays.stream(parts)
                                                    .map(part -> Math.min(part, last))
                                                    .toArray())));
        }
        Tensor normal = norm == null ? sum : norm.apply(sum);
        return projection == null ? normal : projection.apply(normal);
    }

    private int[] places(int[] ids) {
        int[] places = new int[ids.length];
        int next = padding + 1;
        for (int i = 0; i < ids.length; i++) {
            places[i] = ids[i] == padding ? padding : next++;
        }
        return places;
    }
}
