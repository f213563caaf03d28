package dev.jebena.tensor.internal;

import dev.jebena.tensor.Op;
import dev.jebena.tensor.TensorException;

/// Linear algebra of batches of matrices, each in double.
public final class Matrices {
    private Matrices() {}

    /// Something done with matrix number `index`.
    private interface Body {
        void run(long index);
    }

    private static void each(View x, Body body) {
        int rows = x.shape().dim(-2);
        int columns = x.shape().dim(-1);
        long count = x.shape().slice(0, x.shape().rank() - 2).size();
        long work = (long) rows * columns * Math.max(1, Math.min(rows, columns));
        Parallel.run(
                count,
                Math.max(1, 100_000 / Math.max(1, work)),
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        body.run(i);
                    }
                });
    }

    private static double[][] read(Reader reader, long index, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            reader.read((index * rows + i) * columns, columns, matrix[i]);
        }
        return matrix;
    }

    private static void write(double[][] matrix, View y, long index) {
        int rows = y.shape().dim(-2);
        int columns = y.shape().dim(-1);
        for (int i = 0; i < rows; i++) {
            Elements.store(
                    y.dtype(), matrix[i], 0, y.memory(), (index * rows + i) * columns, columns);
        }
    }

    public static void cholesky(View x, View y) {
        int n = x.shape().dim(-1);
        Reader reader = new Reader(x);
        each(
                x,
                index -> {
                    double[][] a = read(reader, index, n, n);
                    for (int j = 0; j < n; j++) {
                        double diagonal = a[j][j] - dot(a[j], a[j], j);
                        if (!(diagonal > 0)) {
                            throw TensorException.value(
                                    "cholesky: matrix %d is not positive definite: pivot %d is %s",
                                    index, j, diagonal);
                        }
                        a[j][j] = Math.sqrt(diagonal);
                        for (int i = j + 1; i < n; i++) {
                            a[i][j] = (a[i][j] - dot(a[i], a[j], j)) / a[j][j];
                            a[j][i] = 0;
                        }
                    }
                    write(a, y, index);
                });
    }

    private static double dot(double[] a, double[] b, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    public static void triangularSolve(Op.TriangularSolve op, View x, View b, View y) {
        int n = x.shape().dim(-1);
        int k = b.shape().dim(-1);
        Reader left = new Reader(x);
        Reader right = new Reader(b);
        each(
                x,
                index -> {
                    double[][] a = read(left, index, n, n);
                    double[][] rows = read(right, index, n, k);
                    if (op.upper()) {
                        for (int i = n - 1; i >= 0; i--) {
                            eliminate(a, rows, i, i + 1, n, op.unit());
                        }
                    } else {
                        for (int i = 0; i < n; i++) {
                            eliminate(a, rows, i, 0, i, op.unit());
                        }
                    }
                    write(rows, y, index);
                });
    }

    /// Row i of the solution from those of `from` to `to`.
    private static void eliminate(
            double[][] a, double[][] rows, int i, int from, int to, boolean unit) {
        double[] row = rows[i];
        for (int j = from; j < to; j++) {
            double factor = a[i][j];
            for (int c = 0; c < row.length; c++) {
                row[c] -= factor * rows[j][c];
            }
        }
        if (!unit) {
            for (int c = 0; c < row.length; c++) {
                row[c] /= a[i][i];
            }
        }
    }

    /// Gaussian elimination with partial pivoting, in place; the sign of the permutation, or 0 for
    /// a singular matrix. `b` takes part.
    private static int eliminate(double[][] a, double[][] b) {
        int n = a.length;
        int sign = 1;
        for (int j = 0; j < n; j++) {
            int pivot = j;
            for (int i = j + 1; i < n; i++) {
                if (Math.abs(a[i][j]) > Math.abs(a[pivot][j])) {
                    pivot = i;
                }
            }
            if (a[pivot][j] == 0) {
                return 0;
            }
            if (pivot != j) {
                swap(a, pivot, j);
                swap(b, pivot, j);
                sign = -sign;
            }
            for (int i = j + 1; i < n; i++) {
                double factor = a[i][j] / a[j][j];
                if (factor != 0) {
                    subtract(a[i], a[j], factor);
                    if (b.length > 0) {
                        subtract(b[i], b[j], factor);
                    }
                }
            }
        }
        return sign;
    }

    private static void subtract(double[] row, double[] other, double factor) {
        for (int c = 0; c < row.length; c++) {
            row[c] -= factor * other[c];
        }
    }

    private static void swap(double[][] rows, int i, int j) {
        if (rows.length > 0) {
            double[] kept = rows[i];
            rows[i] = rows[j];
            rows[j] = kept;
        }
    }

    public static void solve(View x, View b, View y) {
        int n = x.shape().dim(-1);
        int k = b.shape().dim(-1);
        Reader left = new Reader(x);
        Reader right = new Reader(b);
        each(
                x,
                index -> {
                    double[][] a = read(left, index, n, n);
                    double[][] rows = read(right, index, n, k);
                    if (eliminate(a, rows) == 0) {
                        throw TensorException.value("solve: matrix %d is singular", index);
                    }
                    for (int i = n - 1; i >= 0; i--) {
                        eliminate(a, rows, i, i + 1, n, false);
                    }
                    write(rows, y, index);
                });
    }

    public static void slogDet(View x, View sign, View logarithm) {
        int n = x.shape().dim(-1);
        Reader reader = new Reader(x);
        each(
                x,
                index -> {
                    double[][] a = read(reader, index, n, n);
                    double s = eliminate(a, new double[0][]);
                    double sum = s == 0 ? Double.NEGATIVE_INFINITY : 0;
                    for (int i = 0; i < n && s != 0; i++) {
                        s *= Math.signum(a[i][i]);
                        sum += Math.log(Math.abs(a[i][i]));
                    }
                    Elements.set(sign.dtype(), sign.memory(), index, s);
                    Elements.set(logarithm.dtype(), logarithm.memory(), index, sum);
                });
    }

    /// Householder's reflections, with LAPACK's signs.
    public static void qr(View x, View q, View r) {
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        int k = Math.min(m, n);
        Reader reader = new Reader(x);
        each(
                x,
                index -> {
                    double[][] a = read(reader, index, m, n);
                    double[][] reflectors = new double[k][];
                    for (int j = 0; j < k; j++) {
                        reflectors[j] = reflector(a, j);
                        reflect(a, reflectors[j], j, j);
                    }
                    double[][] basis = new double[m][k];
                    for (int i = 0; i < k; i++) {
                        basis[i][i] = 1;
                    }
                    for (int j = k - 1; j >= 0; j--) {
                        reflect(basis, reflectors[j], j, 0);
                    }
                    double[][] upper = new double[k][n];
                    for (int i = 0; i < k; i++) {
                        System.arraycopy(a[i], i, upper[i], i, n - i);
                    }
                    write(basis, q, index);
                    write(upper, r, index);
                });
    }

    /// The unit vector v for which `1 - 2 v v'` clears column j below its diagonal; zeros if it is
    /// clear.
    private static double[] reflector(double[][] a, int j) {
        double[] v = new double[a.length];
        double below = 0;
        for (int i = j + 1; i < v.length; i++) {
            v[i] = a[i][j];
            below += v[i] * v[i];
        }
        if (below == 0) {
            v[j] = 0;
            return v;
        }
        double norm = Math.sqrt(below + a[j][j] * a[j][j]);
        v[j] = a[j][j] + Math.copySign(norm, a[j][j]);
        double length = Math.sqrt(below + v[j] * v[j]);
        for (int i = j; i < v.length; i++) {
            v[i] /= length;
        }
        return v;
    }

    private static void reflect(double[][] a, double[] v, int from, int column) {
        for (int c = column; c < a[0].length; c++) {
            double sum = 0;
            for (int i = from; i < v.length; i++) {
                sum += v[i] * a[i][c];
            }
            for (int i = from; i < v.length; i++) {
                a[i][c] -= 2 * sum * v[i];
            }
        }
    }

    public static void svd(View x, View u, View s, View vh) {
        int m = x.shape().dim(-2);
        int n = x.shape().dim(-1);
        int k = Math.min(m, n);
        Reader reader = new Reader(x);
        each(
                x,
                index -> {
                    double[][] a = read(reader, index, m, n);
                    // Rotations work on columns: of the matrix or of its transposed, whichever is
                    // tall.
                    JacobiRotations.Svd svd =
                            JacobiRotations.svd(m >= n ? JacobiRotations.transposed(a) : a);
                    write(
                            m >= n
                                    ? JacobiRotations.transposed(svd.left())
                                    : JacobiRotations.transposed(svd.right()),
                            u,
                            index);
                    Elements.store(s.dtype(), svd.values(), 0, s.memory(), index * k, k);
                    write(m >= n ? svd.right() : svd.left(), vh, index);
                });
    }

    public static void eigh(View x, View values, View vectors) {
        int n = x.shape().dim(-1);
        Reader reader = new Reader(x);
        each(
                x,
                index -> {
                    double[][] a = read(reader, index, n, n);
                    for (int i = 0; i < n; i++) {
                        for (int j = i + 1; j < n; j++) {
                            a[i][j] = a[j][i];
                        }
                    }
                    JacobiRotations.Eigen eigen = JacobiRotations.eigen(a);
                    Elements.store(
                            values.dtype(), eigen.values(), 0, values.memory(), index * n, n);
                    write(eigen.vectors(), vectors, index);
                });
    }
}
