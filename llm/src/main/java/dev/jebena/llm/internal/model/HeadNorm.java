package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Norms of a row of queries or keys.
///
/// @param norms one for all pieces of the row, or one for each
/// @param pieces how many pieces of equal width are normalized by themselves
record HeadNorm(List<Norm> norms, int pieces) {
    /// The norm that the file has under `name`: its weight is as long as a head, as long as all
    /// heads together (OLMo 2), or a row for each head (Command R+). Null where there is none.
    static @Nullable HeadNorm read(Weights weights, String name, Hyperparameters shape, int heads) {
        String weight = name + ".weight";
        if (!weights.has(weight)) {
            return null;
        }
        List<Long> stored = weights.shape(weight);
        int width = shape.headDim();
        if (stored.size() == 2) {
            FloatMatrix rows = weights.table(weight, heads, width);
            List<Norm> norms = new ArrayList<>();
            for (int head = 0; head < heads; head++) {
                norms.add(Norm.of(weights, rows.slice(head, head + 1), null, shape.epsilon()));
            }
            return new HeadNorm(norms, heads);
        }
        boolean whole = stored.equals(List.of((long) heads * width));
        Norm norm = Norm.read(weights, name, whole ? heads * width : width, shape.epsilon());
        return new HeadNorm(List.of(norm), whole ? 1 : heads);
    }

    /// Normalizes a row, whose pieces are seen as rows of the same memory.
    void apply(Kernels kernels, FloatMatrix x, int row, int columns) {
        int width = columns / pieces;
        FloatMatrix each =
                new FloatMatrix(
                        pieces, width, width, x.data().asSlice(x.offset(row, 0), 4L * columns));
        for (int i = 0; i < pieces; i++) {
            norms.get(norms.size() == 1 ? 0 : i).apply(kernels, each, i, each);
        }
    }
}
