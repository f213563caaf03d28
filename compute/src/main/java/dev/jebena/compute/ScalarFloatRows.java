package dev.jebena.compute;

import dev.jebena.compute.Panels.Place;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// [FloatRows] in plain Java, on arrays of one row.
enum ScalarFloatRows implements FloatRows {
    INSTANCE;

    /// Row number `row` of `n` numbers.
    static float[] row(Place place, int row, int n) {
        return ScalarFloatArrays.array(place.memory(), place.at() + 4L * row * n, n);
    }

    static void set(Place place, int row, float... values) {
        MemorySegment.copy(
                values,
                0,
                place.memory(),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                place.at() + 4L * row * values.length,
                values.length);
    }

    static float[] softmax(boolean log, float... x) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : x) {
            largest = value > largest ? value : largest;
        }
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = FloatMath.exp(x[i] - largest);
        }
        float sum = (float) ScalarFloatArrays.sum(y);
        float shift = largest + (float) StrictMath.log(sum);
        float factor = 1 / sum;
        for (int i = 0; i < x.length; i++) {
            y[i] = log ? x[i] - shift : y[i] * factor;
        }
        return y;
    }

    static float logarithmOfSum(float... x) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float value : x) {
            largest = value > largest ? value : largest;
        }
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = FloatMath.exp(x[i] - largest);
        }
        return largest + (float) StrictMath.log((float) ScalarFloatArrays.sum(y));
    }

    /// @param sum the logarithm of the sum of exponentials
    static float loss(FloatRows.Classes classes, int row, float sum, float... x) {
        int own = classes.of(row);
        if (own < 0) {
            return 0;
        }
        float loss = -(x[own] - sum) * classes.own(own);
        if (classes.smoothing() == 0) {
            return loss;
        }
        float[] logs = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            logs[i] = classes.weights() == null ? x[i] - sum : (x[i] - sum) * classes.weight(i);
        }
        return loss - (float) ScalarFloatArrays.sum(logs) * (classes.smoothing() / x.length);
    }

    static float[] lossGradient(
            FloatRows.Classes classes, int row, float total, float sum, float slope, float... x) {
        int own = classes.of(row);
        float[] result = new float[x.length];
        if (own < 0) {
            return result;
        }
        float spread = slope * (classes.smoothing() / x.length);
        float mine = slope * classes.own(own);
        float factor = classes.smoothing() == 0 ? mine : mine + spread * total;
        for (int i = 0; i < x.length; i++) {
            result[i] = FloatMath.exp(x[i] - sum) * factor;
            if (classes.smoothing() != 0) {
                result[i] -= classes.weights() == null ? spread : spread * classes.weight(i);
            }
        }
        result[own] -= mine;
        return result;
    }

    static float[] softmaxGradient(boolean log, float[] y, float[] slopes) {
        float[] result = new float[y.length];
        for (int i = 0; i < y.length; i++) {
            result[i] = log ? slopes[i] : slopes[i] * y[i];
        }
        float sum = (float) ScalarFloatArrays.sum(result);
        for (int i = 0; i < y.length; i++) {
            result[i] = log ? slopes[i] - FloatMath.exp(y[i]) * sum : y[i] * (slopes[i] - sum);
        }
        return result;
    }

    /// In place; returns the factor.
    static float standardize(double epsilon, float[] x, FloatRows.@Nullable Affine affine) {
        int n = x.length;
        float mean = (float) (ScalarFloatArrays.sum(x) / n);
        float factor = (float) (1 / Math.sqrt(ScalarFloatArrays.squares(mean, x) / n + epsilon));
        for (int i = 0; i < n; i++) {
            x[i] = (x[i] - mean) * factor;
        }
        if (affine != null) {
            Place bias = affine.bias();
            float[] weights = row(affine.weight(), 0, n);
            float[] biases = bias == null ? new float[0] : row(bias, 0, n);
            for (int i = 0; i < n; i++) {
                x[i] = bias == null ? x[i] * weights[i] : x[i] * weights[i] + biases[i];
            }
        }
        return factor;
    }

    static float[] standardizeGradient(float[] y, float factor, float[] slopes) {
        int n = y.length;
        float[] result = new float[n];
        for (int i = 0; i < n; i++) {
            result[i] = slopes[i] * y[i];
        }
        float mean = (float) ScalarFloatArrays.sum(slopes) / n;
        float along = (float) ScalarFloatArrays.sum(result) / n;
        for (int i = 0; i < n; i++) {
            result[i] = ((slopes[i] - mean) - y[i] * along) * factor;
        }
        return result;
    }
}
