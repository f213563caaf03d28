package dev.jebena.compute;

/// Finds the scale with which `scale * level` comes closest to the values of a group: the least
/// weighted sum of squared errors over scales near those that map the largest magnitude to an end
/// of the levels.
///
/// For fixed levels q the best scale is `sum(w x q) / sum(w q q)`, and the error then is `sum(w x
/// x) - sum(w x q)^2 / sum(w q q)`. So a search makes the last term large, its gain. From the best
/// scale on, levels and scale are made to fit each other in turns.
final class ScaleSearch {
    /// Magnitudes below it count as zero: their scale would not be a float16.
    static final float TINY = 1e-15f;

    private static final int TURNS = 4;

    private final Levels levels;
    private final int steps;
    private float gain;
    private float scale;

    /// @param steps scales to try on either side of the first
    ScaleSearch(Levels levels, int steps) {
        this.levels = levels;
        this.steps = steps;
    }

    /// The scale for `count` values of `x` from `from` on, weighted with those of `w` from `at` on;
    /// 0 if all of them are.
    float find(float[] x, int from, float[] w, int at, int count) {
        float largest = largest(x, from, count);
        if (!(Math.abs(largest) >= TINY)) {
            return 0;
        }
        gain = 0;
        // Where no weight is above 0, nothing is better than this.
        scale = largest / levels.ends()[0];
        for (float end : levels.ends()) {
            for (int step = -steps; step <= steps; step++) {
                attempt(x, from, w, at, count, (end + step * levels.step()) / largest);
            }
        }
        for (int turn = 0; turn < TURNS && scale != 0; turn++) {
            if (!attempt(x, from, w, at, count, 1 / scale)) {
                break;
            }
        }
        return scale;
    }

    /// The value of largest magnitude.
    static float largest(float[] x, int from, int count) {
        float largest = 0;
        for (int i = from; i < from + count; i++) {
            if (Math.abs(x[i]) > Math.abs(largest)) {
                largest = x[i];
            }
        }
        return largest;
    }

    private boolean attempt(float[] x, int from, float[] w, int at, int count, float inverse) {
        float xq = 0;
        float qq = 0;
        for (int i = 0; i < count; i++) {
            float q = levels.value(levels.code(inverse * x[from + i]));
            float wq = w[at + i] * q;
            xq += wq * x[from + i];
            qq += wq * q;
        }
        if (qq > 0 && xq * xq > gain * qq) {
            scale = xq / qq;
            gain = scale * xq;
            return true;
        }
        return false;
    }
}
