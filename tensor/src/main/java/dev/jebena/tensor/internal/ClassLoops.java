package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jebena.compute.FloatRows;
import dev.jebena.compute.Panels.Place;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.TensorException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cross entropy of lines and its derivative.
public final class ClassLoops {
    private final Op.CrossEntropy op;
    private final View x;
    private final @Nullable View weights;
    private final Lines lines;
    private final int n;

    /// The class of each line; -1 where it does not count.
    private final Workspace classes;

    private ClassLoops(
            Op.CrossEntropy op, View x, View numbers, @Nullable View weights, Workspace classes) {
        this.op = op;
        this.x = x;
        this.weights = weights;
        this.classes = classes;
        lines = new Lines(x, op.axis());
        n = lines.length();
        View found = numbers.contiguous();
        for (long i = 0; i < found.size(); i++) {
            long number = Elements.integer(DType.INT64, found.memory(), found.offset() + i);
            if (number != op.ignored() && (number < 0 || number >= n)) {
                throw TensorException.index(
                        "crossEntropy: class %d is out of range for %d classes (0 to %d)",
                        number, n, n - 1);
            }
            classes.memory().setAtIndex(JAVA_LONG, i, number == op.ignored() ? -1 : number);
        }
    }

    private static Workspace room(View numbers) {
        return Workspace.take(Math.max(8, 8 * numbers.size()));
    }

    /// @param in logits, classes, and perhaps weights
    /// @param sums logarithms of the sums of exponentials
    public static void crossEntropy(Op.CrossEntropy op, View[] in, View losses, View sums) {
        try (Workspace room = room(in[1])) {
            ClassLoops loops = new ClassLoops(op, in[0], in[1], in.length > 2 ? in[2] : null, room);
            if (loops.isRows()) {
                loops.rows(losses, sums);
            } else {
                loops.lines(losses, sums);
            }
        }
    }

    /// @param in logits, classes, logarithms, slopes, and perhaps weights
    public static void gradient(Op.CrossEntropy op, View[] in, View y) {
        try (Workspace room = room(in[1])) {
            ClassLoops loops = new ClassLoops(op, in[0], in[1], in.length > 4 ? in[4] : null, room);
            if (loops.isRows()) {
                loops.rowGradients(in[2].contiguous(), in[3].contiguous(), y);
            } else {
                loops.lineGradients(in[2].contiguous(), in[3].contiguous(), y);
            }
        }
    }

    /// Whether it is work for [FloatRows].
    private boolean isRows() {
        boolean floats = x.dtype() == DType.FLOAT32 && op.axis() == x.shape().rank() - 1;
        return floats && n > 0 && (weights == null || isSame(weights));
    }

    /// Whether weights are the same for all lines.
    private boolean isSame(View view) {
        for (int i = 0; i < view.shape().rank(); i++) {
            if (i != op.axis() && view.stride(i) != 0 && view.shape().dim(i) > 1) {
                return false;
            }
        }
        return true;
    }

    private static Place place(View view, long element) {
        return new Place(view.memory(), 4 * (view.offset() + element));
    }

    private FloatRows.Classes classes(long row, @Nullable View same) {
        return new FloatRows.Classes(
                classes.at(8 * row), (float) op.smoothing(), same == null ? null : place(same, 0));
    }

    /// The weights of all lines.
    private @Nullable View sameWeights() {
        return weights == null
                ? null
                : weights.at(weights.offset(), Shape.of(n), weights.stride(op.axis())).contiguous();
    }

    private void rows(View losses, View sums) {
        View in = x.contiguous();
        View same = sameWeights();
        Parallel.run(
                lines.count(),
                lines.tile(),
                (begin, end) ->
                        FloatPath.ROWS.crossEntropy(
                                classes(begin, same),
                                place(in, begin * n),
                                place(losses, begin),
                                place(sums, begin),
                                n,
                                (int) (end - begin)));
    }

    private void rowGradients(View sums, View slopes, View y) {
        View in = x.contiguous();
        View same = sameWeights();
        Parallel.run(
                lines.count(),
                lines.tile(),
                (begin, end) ->
                        FloatPath.ROWS.crossEntropyGradient(
                                classes(begin, same),
                                place(in, begin * n),
                                place(sums, begin),
                                place(slopes, begin),
                                place(y, begin * n),
                                n,
                                (int) (end - begin)));
    }

    /// One line in float64.
    private final class Line {
        private final Reader reader = lines.reader();
        private final @Nullable Reader weightReader =
                weights == null ? null : new Lines(weights, op.axis()).reader();
        private final double[] values = new double[n];
        private final double[] weight = new double[n];
        private int own;

        void read(long line) {
            reader.read(line * n, n, values);
            own = (int) classes.memory().getAtIndex(JAVA_LONG, line);
            if (weightReader == null) {
                Arrays.fill(weight, 1);
            } else {
                weightReader.read(line * n, n, weight);
            }
        }

        double logarithmOfSum() {
            double largest = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                largest = Math.max(largest, value);
            }
            double sum = 0;
            for (double value : values) {
                sum += Math.exp(value - largest);
            }
            return largest + Math.log(sum);
        }

        /// How much class i is wanted.
        double aim(int i) {
            double own = i == this.own ? 1 - op.smoothing() : 0;
            return weight[i] * (own + op.smoothing() / n);
        }

        double loss(double sum) {
            double loss = 0;
            for (int i = 0; i < n && own >= 0; i++) {
                // A class that is not wanted may be impossible.
                loss += aim(i) == 0 ? 0 : aim(i) * (sum - values[i]);
            }
            return loss;
        }

        /// In place of the numbers.
        void gradient(double sum, double slope) {
            double total = 0;
            for (int i = 0; i < n; i++) {
                total += aim(i);
            }
            for (int i = 0; i < n; i++) {
                double share = total * Math.exp(values[i] - sum) - aim(i);
                values[i] = own < 0 ? 0 : share * slope;
            }
        }
    }

    private void lines(View losses, View sums) {
        Parallel.run(
                losses.size(),
                lines.tile(),
                (begin, end) -> {
                    Line line = new Line();
                    for (long i = begin; i < end; i++) {
                        line.read(i);
                        double sum = line.logarithmOfSum();
                        Elements.set(sums.dtype(), sums.memory(), i, sum);
                        Elements.set(losses.dtype(), losses.memory(), i, line.loss(sum));
                    }
                });
    }

    private void lineGradients(View sums, View slopes, View y) {
        Parallel.run(
                lines.count(),
                lines.tile(),
                (begin, end) -> {
                    Line line = new Line();
                    for (long i = begin; i < end; i++) {
                        line.read(i);
                        line.gradient(number(sums, i), number(slopes, i));
                        long to = lines.start(i, n);
                        for (int k = 0; k < n; k++) {
                            long at = to + k * lines.step();
                            Elements.set(y.dtype(), y.memory(), at, line.values[k]);
                        }
                    }
                });
    }

    private static double number(View view, long at) {
        return Elements.real(view.dtype(), view.memory(), view.offset() + at);
    }
}
