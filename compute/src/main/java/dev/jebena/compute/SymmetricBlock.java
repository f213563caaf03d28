package dev.jebena.compute;

import org.jspecify.annotations.Nullable;

/// The numbers of a block of 256 elements `level * (d * scale)`, whose groups have a scale each:
/// what Q3_K, Q6_K and IQ4_XS store.
final class SymmetricBlock {
    private static final int SIZE = 256;

    private final int groupSize;
    private final Levels levels;
    private final Levels scaleLevels;
    private final int last;
    private final ScaleSearch search;
    private final ScaleSearch roundedScale;
    private final float[] weights = new float[SIZE];
    private final float[] groupScales;
    private final float[] groupWeights;
    private final int[] scales;
    private final int[] codes = new int[SIZE];
    private float d;

    SymmetricBlock(int groupSize, Levels levels, int steps, Levels scaleLevels) {
        int groups = SIZE / groupSize;
        this.groupSize = groupSize;
        this.levels = levels;
        this.scaleLevels = scaleLevels;
        this.last = scaleLevels.code(Float.MAX_VALUE);
        this.search = new ScaleSearch(levels, steps);
        this.roundedScale = new ScaleSearch(scaleLevels, 9);
        this.groupScales = new float[groups];
        this.groupWeights = new float[groups];
        this.scales = new int[groups];
    }

    float d() {
        return d;
    }

    /// The code of a group's scale.
    int scale(int group) {
        return scales[group];
    }

    /// The code of an element's level.
    int code(int element) {
        return codes[element];
    }

    /// Finds the numbers for the elements of `x` from `from` on.
    ///
    /// @param importance of each of them, from `at` on
    void fit(float[] x, int from, float @Nullable [] importance, int at) {
        ErrorWeights.SQUARE.fill(x, from, groupSize, importance, at, weights);
        for (int group = 0; group < scales.length; group++) {
            int begin = group * groupSize;
            groupScales[group] = search.find(x, from + begin, weights, begin, groupSize);
            groupWeights[group] = 0;
            for (int i = begin; i < begin + groupSize; i++) {
                groupWeights[group] += weights[i];
            }
        }
        float common = roundedScale.find(groupScales, 0, groupWeights, 0, scales.length);
        d = Float.float16ToFloat(Float.floatToFloat16(common));
        for (int group = 0; group < scales.length; group++) {
            scales[group] = scaleLevels.code(d == 0 ? 0 : groupScales[group] / d);
            improve(x, from, group);
            float scale = d * scaleLevels.value(scales[group]);
            for (int i = group * groupSize; i < (group + 1) * groupSize; i++) {
                codes[i] = code(x[from + i], scale);
            }
        }
    }

    /// The nearest scale is not always the best once the levels are rounded anew: takes the best of
    /// its neighbours.
    private void improve(float[] x, int from, int group) {
        int first = scales[group];
        float least = error(x, from, group, first);
        for (int near = Math.max(0, first - 1); near <= Math.min(last, first + 1); near++) {
            float error = error(x, from, group, near);
            if (error < least) {
                least = error;
                scales[group] = near;
            }
        }
    }

    private float error(float[] x, int from, int group, int scaleCode) {
        float scale = d * scaleLevels.value(scaleCode);
        float sum = 0;
        for (int i = group * groupSize; i < (group + 1) * groupSize; i++) {
            float difference = scale * levels.value(code(x[from + i], scale)) - x[from + i];
            sum += weights[i] * difference * difference;
        }
        return sum;
    }

    private int code(float x, float scale) {
        return levels.code(scale == 0 ? 0 : x / scale);
    }
}
