package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.internal.memory.LazyMemory;
import java.lang.foreign.Arena;

/// Rotary position embedding: a table of cosines and sines, filled as far as positions come up.
final class Rope {
    private final FloatMatrix cosSin;
    private final double[] frequencies;
    private final double magnitude;
    private final boolean neighbours;
    private int filled;

    /// @param frequencies angle of each pair at position 1
    /// @param magnitude factor on cosines and sines
    /// @param neighbours whether pairs are `(2i, 2i + 1)` rather than `(i, i + n / 2)`
    Rope(Arena arena, int positions, double[] frequencies, double magnitude, boolean neighbours) {
        int columns = 2 * frequencies.length;
        this.frequencies = frequencies;
        this.magnitude = magnitude;
        this.neighbours = neighbours;
        this.cosSin =
                new FloatMatrix(
                        positions,
                        columns,
                        columns,
                        LazyMemory.allocate(arena, 4L * positions * columns));
    }

    /// Makes positions below `end` usable.
    void fill(int end) {
        float[] row = new float[2 * frequencies.length];
        for (; filled < end; filled++) {
            for (int i = 0; i < frequencies.length; i++) {
                double angle = filled * frequencies[i];
                row[i] = (float) (Math.cos(angle) * magnitude);
                row[i + frequencies.length] = (float) (Math.sin(angle) * magnitude);
            }
            cosSin.setRow(filled, row);
        }
    }

    void apply(Kernels kernels, FloatMatrix x, int row, int heads, int headDim, int position) {
        kernels.rope(x, row, heads, headDim, cosSin, position, 2 * frequencies.length, neighbours);
    }
}
