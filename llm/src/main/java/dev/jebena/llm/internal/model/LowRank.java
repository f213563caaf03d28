package dev.jebena.llm.internal.model;

import dev.jebena.compute.WeightMatrix;

/// What an adapter adds to one tensor of a model: `y += scale * B (A x)` (Hu et al. 2021). Where a
/// tensor holds the matrices of several experts, so do both halves, one after the other.
///
/// @param a `[matrices * rank, inputs]`; of an embedding table `[tokens, rank]`
/// @param b `[matrices * outputs, rank]`; of an embedding table `[width, rank]`
/// @param scale the adapter's own factor
record LowRank(WeightMatrix a, WeightMatrix b, int matrices, float scale) {
    int rank() {
        return b.columns();
    }

    /// The half that reads the inputs, for the matrix whose rows begin at `firstRow` of the tensor.
    WeightMatrix inward(int firstRow) {
        int matrix = firstRow / (b.rows() / matrices);
        return matrices == 1 ? a : a.slice(matrix * rank(), (matrix + 1) * rank());
    }

    /// The half that writes `outputs` rows of the tensor from `firstRow` on.
    WeightMatrix outward(int firstRow, int outputs) {
        return b.slice(firstRow, firstRow + outputs);
    }
}
