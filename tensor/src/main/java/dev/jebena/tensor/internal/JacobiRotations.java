package dev.jebena.tensor.internal;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Eigenvalues and singular values by Jacobi's rotations: slow for large matrices, but accurate to
/// the last digits, small values included.
final class JacobiRotations {
    private static final int MOST_SWEEPS = 60;

    private JacobiRotations() {}

    /// Rows of `left` and `right` are singular vectors.
    record Svd(double[][] left, double[] values, double[][] right) {}

    /// Columns of `vectors` are eigenvectors.
    record Eigen(double[] values, double[][] vectors) {}

    static double[][] transposed(double[][] a) {
        int rows = a.length;
        int columns = rows == 0 ? 0 : a[0].length;
        double[][] t = new double[columns][rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t[j][i] = a[i][j];
            }
        }
        return t;
    }

    /// Of the matrix whose columns are the rows of `columns`, at most as many as they are long:
    /// turns pairs of columns until all are orthogonal.
    static Svd svd(double[][] columns) {
        int n = columns.length;
        double[][] v = new double[n][n];
        for (int i = 0; i < n; i++) {
            v[i][i] = 1;
        }
        boolean turned = true;
        for (int sweep = 0; turned && sweep < MOST_SWEEPS; sweep++) {
            turned = false;
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    turned |= orthogonalize(columns, v, i, j);
                }
            }
        }
        double[] norms = new double[n];
        for (int i = 0; i < n; i++) {
            norms[i] = Math.sqrt(dot(columns[i], columns[i]));
        }
        int[] order = order(norms, true);
        double[][] left = new double[n][];
        double[][] right = new double[n][];
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = norms[order[i]];
            right[i] = v[order[i]];
            left[i] = columns[order[i]];
        }
        normalize(left, values);
        return new Svd(left, values, right);
    }

    private static boolean orthogonalize(double[][] a, double[][] v, int i, int j) {
        double product = dot(a[i], a[j]);
        double first = dot(a[i], a[i]);
        double second = dot(a[j], a[j]);
        if (Math.abs(product) <= 1e-16 * Math.sqrt(first * second) || product == 0) {
            return false;
        }
        double zeta = (second - first) / (2 * product);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        double cos = 1 / Math.sqrt(1 + t * t);
        turn(a[i], a[j], cos, cos * t);
        turn(v[i], v[j], cos, cos * t);
        return true;
    }

    private static void turn(double[] x, double[] y, double cos, double sin) {
        for (int i = 0; i < x.length; i++) {
            double kept = x[i];
            x[i] = cos * kept - sin * y[i];
            y[i] = sin * kept + cos * y[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /// Divides by the lengths; vectors of length 0 become any that are orthogonal to the others.
    private static void normalize(double[][] vectors, double[] lengths) {
        double tiny = lengths.length == 0 ? 0 : lengths[0] * 1e-300;
        for (int i = 0; i < vectors.length; i++) {
            if (lengths[i] > tiny) {
                for (int n = 0; n < vectors[i].length; n++) {
                    vectors[i][n] /= lengths[i];
                }
            } else {
                vectors[i] = orthogonal(vectors, i);
            }
        }
    }

    private static double[] orthogonal(double[][] vectors, int count) {
        int length = vectors[count].length;
        double[] best = new double[length];
        double most = -1;
        for (int axis = 0; axis < length && most < 0.5; axis++) {
            double[] v = new double[length];
            v[axis] = 1;
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < count; i++) {
                    double part = dot(v, vectors[i]);
                    for (int n = 0; n < length; n++) {
                        v[n] -= part * vectors[i][n];
                    }
                }
            }
            double norm = Math.sqrt(dot(v, v));
            if (norm > most) {
                most = norm;
                for (int n = 0; n < length; n++) {
                    best[n] = v[n] / norm;
                }
            }
        }
        return best;
    }

    private static int[] order(double[] values, boolean falling) {
        Comparator<Integer> rising = Comparator.comparingDouble(i -> values[i]);
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(falling ? rising.reversed() : rising)
                .mapToInt(i -> i)
                .toArray();
    }

    /// Of a symmetric matrix: turns rows and columns until the rest is 0.
    static Eigen eigen(double[][] a) {
        int n = a.length;
        double[][] v = new double[n][n];
        for (int i = 0; i < n; i++) {
            v[i][i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && rest(a) > 0; sweep++) {
            for (int i = 0; i < n; i++) {
                for (int j = i + 1; j < n; j++) {
                    clear(a, v, i, j);
                }
            }
        }
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) {
            diagonal[i] = a[i][i];
        }
        int[] order = order(diagonal, false);
        double[] values = new double[n];
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            values[i] = diagonal[order[i]];
            rows[i] = v[order[i]];
        }
        return new Eigen(values, n == 0 ? rows : transposed(rows));
    }

    private static double rest(double[][] a) {
        double sum = 0;
        double all = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += a[i][j] * a[i][j];
            }
            all += a[i][i] * a[i][i];
        }
        return sum <= 1e-34 * all ? 0 : sum;
    }

    private static void clear(double[][] a, double[][] v, int i, int j) {
        if (a[i][j] == 0) {
            return;
        }
        double theta = (a[j][j] - a[i][i]) / (2 * a[i][j]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double cos = 1 / Math.sqrt(t * t + 1);
        double sin = t * cos;
        for (double[] row : a) {
            double kept = row[i];
            row[i] = cos * kept - sin * row[j];
            row[j] = sin * kept + cos * row[j];
        }
        turn(a[i], a[j], cos, sin);
        turn(v[i], v[j], cos, sin);
        a[i][j] = 0;
        a[j][i] = 0;
    }
}
