package dev.jebena.compute;

/// Finds the scale and the minimum with which `scale * q + minimum` comes closest to the values of
/// a group, for whole numbers q from 0 to `largest`: the least weighted sum of squared errors over
/// scales near the one that spans the values.
///
/// For fixed q, scale and minimum are those of the weighted line of least squares through the
/// points (q, x). From the best pair on, q and line are made to fit each other in turns.
final class AffineSearch {
    private static final int STEPS = 36;
    private static final float FIRST = -0.9f;
    private static final float STEP = 0.05f;
    private static final int TURNS = 3;

    private final int largest;
    private final boolean belowZero;
    private float sumW;
    private float sumX;
    private float error;
    private float scale;
    private float minimum;

    /// @param belowZero whether the format stores no minimum above 0
    AffineSearch(int largest, boolean belowZero) {
        this.largest = largest;
        this.belowZero = belowZero;
    }

    float scale() {
        return scale;
    }

    float minimum() {
        return minimum;
    }

    /// Sets [#scale] and [#minimum] so that 0 stands for the smallest and `largest` for the largest
    /// of `count` values of `x` from `from` on.
    void span(float[] x, int from, int count) {
        float low = x[from];
        float high = x[from];
        for (int i = from; i < from + count; i++) {
            low = Math.min(low, x[i]);
            high = Math.max(high, x[i]);
        }
        minimum = low;
        scale = (high - low) / largest;
    }

    /// Sets [#scale] and [#minimum] for `count` values of `x` from `from` on, weighted with those
    /// of `w` from `at` on.
    void find(float[] x, int from, float[] w, int at, int count) {
        float low = x[from];
        float high = x[from];
        sumW = 0;
        sumX = 0;
        for (int i = 0; i < count; i++) {
            low = Math.min(low, x[from + i]);
            high = Math.max(high, x[from + i]);
            sumW += w[at + i];
            sumX += w[at + i] * x[from + i];
        }
        minimum = belowZero ? Math.min(low, 0) : low;
        scale = 0;
        error = Float.POSITIVE_INFINITY;
        float span = high - minimum;
        if (!(span >= ScaleSearch.TINY)) {
            return;
        }
        float base = minimum;
        // The plain line first: where no weight is above 0, no other is found.
        scale = span / largest;
        error = error(x, from, w, at, count);
        for (int step = 0; step <= STEPS; step++) {
            float inverse = (largest + FIRST + STEP * step) / span;
            attempt(x, from, w, at, count, inverse, base);
        }
        for (int turn = 0; turn < TURNS && scale > 0; turn++) {
            if (!attempt(x, from, w, at, count, 1 / scale, minimum)) {
                break;
            }
        }
    }

    private boolean attempt(
            float[] x, int from, float[] w, int at, int count, float inverse, float base) {
        float sumQ = 0;
        float sumQQ = 0;
        float sumXQ = 0;
        float sumXX = 0;
        for (int i = 0; i < count; i++) {
            float value = x[from + i];
            float q = Math.clamp(Levels.nearest(inverse * (value - base)), 0, largest);
            float wq = w[at + i] * q;
            sumQ += wq;
            sumQQ += wq * q;
            sumXQ += wq * value;
            sumXX += w[at + i] * value * value;
        }
        float determinant = sumW * sumQQ - sumQ * sumQ;
        if (!(determinant > 0)) {
            return false;
        }
        float slope = (sumW * sumXQ - sumX * sumQ) / determinant;
        float offset = (sumQQ * sumX - sumQ * sumXQ) / determinant;
        if (belowZero && offset > 0) {
            offset = 0;
            slope = sumXQ / sumQQ;
        }
        float wrong =
                slope * slope * sumQQ
                        + 2 * slope * offset * sumQ
                        + offset * offset * sumW
                        - 2 * slope * sumXQ
                        - 2 * offset * sumX
                        + sumXX;
        if (slope > 0 && wrong < error) {
            error = wrong;
            scale = slope;
            minimum = offset;
            return true;
        }
        return false;
    }

    private float error(float[] x, int from, float[] w, int at, int count) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
            float value = x[from + i];
            int q = Math.clamp(Levels.nearest((value - minimum) / scale), 0, largest);
            float difference = scale * q + minimum - value;
            sum += w[at + i] * difference * difference;
        }
        return sum;
    }
}
