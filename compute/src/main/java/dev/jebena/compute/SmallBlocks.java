package dev.jebena.compute;

/// Scales of the blocks of 32 elements of a row, chosen with the importance of its columns.
final class SmallBlocks {
    static final int SIZE = 32;

    private final float variance;
    private final float[] importance;
    private final float[] weights = new float[SIZE];

    /// @param importance of the columns, the first block's first
    SmallBlocks(float[] source, int from, float[] importance, int count) {
        this.variance = ErrorWeights.meanSquare(source, from, SIZE * count);
        this.importance = importance;
    }

    /// The scale of block `block`, whose elements are those of `x` from `from` on.
    float scale(ScaleSearch search, float[] x, int from, int block) {
        ErrorWeights.fill(x, from, variance, importance, SIZE * block, weights, SIZE);
        return search.find(x, from, weights, 0, SIZE);
    }

    /// Sets scale and minimum of `search` to those of block `block`.
    void line(AffineSearch search, float[] x, int from, int block) {
        ErrorWeights.fill(x, from, variance, importance, SIZE * block, weights, SIZE);
        search.find(x, from, weights, 0, SIZE);
    }
}
