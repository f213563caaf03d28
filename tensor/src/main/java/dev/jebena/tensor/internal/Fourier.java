package dev.jebena.tensor.internal;

/// Discrete Fourier transforms of any length, in double: powers of two by Cooley and Tukey, others
/// by Bluestein's convolution.
public final class Fourier {
    private Fourier() {}

    /// `[..., n, 2]`; nothing is divided.
    public static void transform(boolean inverse, View x, View y) {
        int n = x.shape().dim(-2);
        long count = x.size() / (2L * n);
        Reader reader = new Reader(x);
        Plan plan = new Plan(n, inverse);
        Parallel.run(
                count,
                Math.max(1, 4096 / n),
                (begin, end) -> {
                    double[] pairs = new double[2 * n];
                    for (long row = begin; row < end; row++) {
                        reader.read(row * 2 * n, 2 * n, pairs);
                        plan.run(pairs);
                        Elements.store(y.dtype(), pairs, 0, y.memory(), row * 2 * n, 2 * n);
                    }
                });
    }

    /// Tables for one length.
    private static final class Plan {
        private final int n;
        private final double sign;
        private final int padded;
        private final double[] roots;
        private final double[] chirp;
        private final double[] kernel;

        Plan(int n, boolean inverse) {
            this.n = n;
            sign = inverse ? 1 : -1;
            boolean power = Integer.bitCount(n) == 1;
            padded = power ? n : Integer.highestOneBit(2 * n) * 2;
            roots = new double[2 * Math.max(1, padded / 2)];
            for (int i = 0; i < roots.length / 2; i++) {
                double angle = 2 * Math.PI * i / padded;
                roots[2 * i] = Math.cos(angle);
                roots[2 * i + 1] = Math.sin(angle);
            }
            chirp = new double[power ? 0 : 2 * n];
            kernel = new double[power ? 0 : 2 * padded];
            if (!power) {
                bluestein();
            }
        }

        private void bluestein() {
            for (int i = 0; i < n; i++) {
                // i^2 modulo 2n keeps the angle small and exact.
                double angle = sign * Math.PI * ((long) i * i % (2L * n)) / n;
                chirp[2 * i] = Math.cos(angle);
                chirp[2 * i + 1] = Math.sin(angle);
                for (int at : new int[] {i, (padded - i) % padded}) {
                    kernel[2 * at] = chirp[2 * i];
                    kernel[2 * at + 1] = -chirp[2 * i + 1];
                }
            }
            fast(kernel, padded, -1);
        }

        void run(double[] pairs) {
            if (chirp.length == 0) {
                fast(pairs, n, sign);
                return;
            }
            double[] work = new double[2 * padded];
            for (int i = 0; i < n; i++) {
                multiply(pairs, i, chirp, i, work, i);
            }
            fast(work, padded, -1);
            for (int i = 0; i < padded; i++) {
                multiply(work, i, kernel, i, work, i);
            }
            fast(work, padded, 1);
            for (int i = 0; i < n; i++) {
                multiply(work, i, chirp, i, pairs, i);
                pairs[2 * i] /= padded;
                pairs[2 * i + 1] /= padded;
            }
        }

        private static void multiply(double[] a, int i, double[] b, int k, double[] to, int at) {
            double re = a[2 * i] * b[2 * k] - a[2 * i + 1] * b[2 * k + 1];
            double im = a[2 * i] * b[2 * k + 1] + a[2 * i + 1] * b[2 * k];
            to[2 * at] = re;
            to[2 * at + 1] = im;
        }

        /// In place, for a power of two.
        private void fast(double[] x, int length, double direction) {
            for (int i = 1, j = 0; i < length; i++) {
                int bit = length >> 1;
                for (; (j & bit) != 0; bit >>= 1) {
                    j ^= bit;
                }
                j ^= bit;
                if (i < j) {
                    swap(x, 2 * i, 2 * j);
                    swap(x, 2 * i + 1, 2 * j + 1);
                }
            }
            for (int half = 1; half < length; half *= 2) {
                int stride = length / (2 * half);
                for (int block = 0; block < length; block += 2 * half) {
                    for (int k = 0; k < half; k++) {
                        butterfly(x, block + k, half, 2 * k * stride, direction);
                    }
                }
            }
        }

        private void butterfly(double[] x, int at, int half, int root, double direction) {
            int low = 2 * at;
            int high = 2 * (at + half);
            double cos = roots[root];
            double sin = direction * roots[root + 1];
            double re = x[high] * cos - x[high + 1] * sin;
            double im = x[high] * sin + x[high + 1] * cos;
            x[high] = x[low] - re;
            x[high + 1] = x[low + 1] - im;
            x[low] += re;
            x[low + 1] += im;
        }

        private static void swap(double[] x, int i, int j) {
            double kept = x[i];
            x[i] = x[j];
            x[j] = kept;
        }
    }
}
