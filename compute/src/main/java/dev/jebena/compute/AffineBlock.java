package dev.jebena.compute;

import org.jspecify.annotations.Nullable;

/// The numbers of a block of 256 elements `q * (d * scale) - dmin * minimum`, whose groups have a
/// scale and a minimum each: what Q2_K, Q4_K and Q5_K store.
final class AffineBlock {
    private static final int SIZE = 256;

    private final int groupSize;
    private final int largest;
    private final int largestScale;
    private final ErrorWeights plain;
    private final AffineSearch search;
    private final ScaleSearch roundedScale;
    private final Levels scaleLevels;
    private final float[] weights = new float[SIZE];
    private final float[] groupScales;
    private final float[] groupMinimums;
    private final float[] groupWeights;
    private final int[] scales;
    private final int[] minimums;
    private final int[] q = new int[SIZE];
    private float d;
    private float dmin;

    /// @param largest of the q
    /// @param largestScale of the scales and minimums
    AffineBlock(int groupSize, int largest, int largestScale, ErrorWeights plain) {
        int groups = SIZE / groupSize;
        this.groupSize = groupSize;
        this.largest = largest;
        this.largestScale = largestScale;
        this.plain = plain;
        this.search = new AffineSearch(largest, true);
        this.scaleLevels = Levels.unsigned(largestScale);
        this.roundedScale = new ScaleSearch(scaleLevels, 4);
        this.groupScales = new float[groups];
        this.groupMinimums = new float[groups];
        this.groupWeights = new float[groups];
        this.scales = new int[groups];
        this.minimums = new int[groups];
    }

    int[] scales() {
        return scales;
    }

    int[] minimums() {
        return minimums;
    }

    int q(int element) {
        return q[element];
    }

    /// Finds the numbers for the elements of `x` from `from` on.
    ///
    /// @param importance of each of them, from `at` on
    void fit(float[] x, int from, float @Nullable [] importance, int at) {
        plain.fill(x, from, groupSize, importance, at, weights);
        for (int group = 0; group < scales.length; group++) {
            int begin = group * groupSize;
            search.find(x, from + begin, weights, begin, groupSize);
            groupScales[group] = search.scale();
            groupMinimums[group] = -search.minimum();
            groupWeights[group] = 0;
            for (int i = begin; i < begin + groupSize; i++) {
                groupWeights[group] += weights[i];
            }
        }
        d = round(groupScales, scales);
        dmin = round(groupMinimums, minimums);
        for (int group = 0; group < scales.length; group++) {
            improve(x, from, group);
            float scale = d * scales[group];
            float minimum = dmin * minimums[group];
            for (int i = group * groupSize; i < (group + 1) * groupSize; i++) {
                q[i] = q(x[from + i], scale, minimum);
            }
        }
    }

    /// Rounding a group's scale and minimum each by itself is not the best for both: takes the best
    /// of their neighbours.
    private void improve(float[] x, int from, int group) {
        int firstScale = scales[group];
        int firstMinimum = minimums[group];
        float least = error(x, from, group, d * firstScale, dmin * firstMinimum);
        for (int nearScale = firstScale - 1; nearScale <= firstScale + 1; nearScale++) {
            for (int near = firstMinimum - 1; near <= firstMinimum + 1; near++) {
                if (Math.min(nearScale, near) >= 0 && Math.max(nearScale, near) <= largestScale) {
                    float error = error(x, from, group, d * nearScale, dmin * near);
                    if (error < least) {
                        least = error;
                        scales[group] = nearScale;
                        minimums[group] = near;
                    }
                }
            }
        }
    }

    private float error(float[] x, int from, int group, float scale, float minimum) {
        float sum = 0;
        for (int i = group * groupSize; i < (group + 1) * groupSize; i++) {
            float difference = scale * q(x[from + i], scale, minimum) - minimum - x[from + i];
            sum += weights[i] * difference * difference;
        }
        return sum;
    }

    private int q(float x, float scale, float minimum) {
        return scale == 0 ? 0 : Math.clamp(Levels.nearest((x + minimum) / scale), 0, largest);
    }

    /// Rounds the groups' scales or minimums to multiples of the number that is returned, a
    /// float16.
    private float round(float[] values, int[] rounded) {
        float common = roundedScale.find(values, 0, groupWeights, 0, values.length);
        float stored = Float.float16ToFloat(Float.floatToFloat16(common));
        for (int i = 0; i < values.length; i++) {
            rounded[i] = stored == 0 ? 0 : scaleLevels.code(values[i] / stored);
        }
        return stored;
    }

    float d() {
        return d;
    }

    float dmin() {
        return dmin;
    }
}
