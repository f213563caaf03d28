package dev.jebena.compute;

/// Reductions in the order that [Kernels] fixes.
final class Sums {
    private Sums() {}

    /// Adds the partial sums `sums[at ... at + LANES]` as a tree; overwrites them.
    static float tree(float[] sums, int at) {
        for (int half = Kernels.LANES / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                sums[at + j] += sums[at + j + half];
            }
        }
        return sums[at];
    }

    /// Dot product of `a[0 ... n]` and `b[0 ... n]`.
    static float dot(float[] a, float[] b, int n, float[] sums) {
        clear(sums);
        int whole = n - n % Kernels.LANES;
        for (int i = 0; i < whole; i += Kernels.LANES) {
            for (int j = 0; j < Kernels.LANES; j++) {
                sums[j] = Math.fma(a[i + j], b[i + j], sums[j]);
            }
        }
        for (int i = whole; i < n; i++) {
            sums[i - whole] = Math.fma(a[i], b[i], sums[i - whole]);
        }
        return tree(sums, 0);
    }

    /// Sum of `a[0 ... n]`.
    static float sum(float[] a, int n, float[] sums) {
        clear(sums);
        for (int i = 0; i < n; i++) {
            sums[i % Kernels.LANES] += a[i];
        }
        return tree(sums, 0);
    }

    private static void clear(float[] sums) {
        for (int j = 0; j < Kernels.LANES; j++) {
            sums[j] = 0;
        }
    }
}
