package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.function.DoubleFunction;

/// A step's length at which the loss has fallen enough and the slope is small enough: the strong
/// conditions of Wolfe, found by cubic interpolation (Nocedal and Wright 2006, algorithms 3.5 and
/// 3.6).
final class LineSearch {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int ROUNDS = 25;

    /// A loss and its gradient.
    record Point(double loss, Tensor gradient) {}

    record Found(double length, Point point) {}

    /// A length that was tried, and the slope there.
    private record Trial(double at, Point point, double slope) {
        double loss() {
            return point.loss;
        }
    }

    private final DoubleFunction<Point> function;
    private final Tensor direction;
    private final Trial start;
    private final double tolerance;

    private LineSearch(
            DoubleFunction<Point> function, Tensor direction, Trial start, double tolerance) {
        this.function = function;
        this.direction = direction;
        this.start = start;
        this.tolerance = tolerance;
    }

    static Found strongWolfe(
            DoubleFunction<Point> function,
            Tensor direction,
            double first,
            Point now,
            double slope,
            double tolerance) {
        LineSearch search =
                new LineSearch(function, direction, new Trial(0, now, slope), tolerance);
        Trial best = search.bracket(first);
        return new Found(best.at, best.point);
    }

    private Trial trial(double t) {
        Point point = function.apply(t);
        return new Trial(t, point, point.gradient.dot(direction).item());
    }

    private boolean isHigh(Trial trial) {
        return trial.loss() > start.loss() + DECREASE * trial.at * start.slope;
    }

    private boolean isFlat(Trial trial) {
        return Math.abs(trial.slope) <= -CURVATURE * start.slope;
    }

    /// Goes on until a good length lies between two.
    private Trial bracket(double first) {
        Trial before = start;
        Trial now = trial(first);
        for (int i = 0; i < ROUNDS; i++) {
            if (isHigh(now) || (i > 0 && now.loss() >= before.loss())) {
                return zoom(before, now, i);
            }
            if (isFlat(now)) {
                return now;
            }
            if (now.slope >= 0) {
                return zoom(before, now, i);
            }
            double least = now.at + 0.01 * (now.at - before.at);
            Trial next = trial(interpolate(before, now, least, now.at * 10));
            before = now;
            now = next;
        }
        return zoom(start, now, ROUNDS);
    }

    /// Narrows an interval in which a good length lies.
    private Trial zoom(Trial a, Trial b, int done) {
        Trial low = a.loss() <= b.loss() ? a : b;
        Trial high = low == a ? b : a;
        boolean stuck = false;
        double size = direction.abs().max().item();
        for (int i = done; i < ROUNDS; i++) {
            if (Math.abs(high.at - low.at) * size < tolerance) {
                break;
            }
            double from = Math.min(low.at, high.at);
            double to = Math.max(low.at, high.at);
            double t = interpolate(low, high, from, to);
            double margin = 0.1 * (to - from);
            // Too near to an end twice: move inwards, or nothing would become of it.
            if (Math.min(to - t, t - from) < margin) {
                if (stuck || t >= to || t <= from) {
                    t = Math.abs(t - to) < Math.abs(t - from) ? to - margin : from + margin;
                    stuck = false;
                } else {
                    stuck = true;
                }
            } else {
                stuck = false;
            }
            Trial now = trial(t);
            if (isHigh(now) || now.loss() >= low.loss()) {
                high = now;
                if (high.loss() < low.loss()) {
                    Trial other = low;
                    low = high;
                    high = other;
                }
            } else {
                if (isFlat(now)) {
                    return now;
                }
                if (now.slope * (high.at - low.at) >= 0) {
                    high = low;
                }
                low = now;
            }
        }
        return low;
    }

    /// The minimum of the cubic through two losses and slopes, within bounds; their middle if it
    /// has none.
    private static double interpolate(Trial one, Trial other, double from, double to) {
        Trial a = one.at <= other.at ? one : other;
        Trial b = a == one ? other : one;
        double d1 = a.slope + b.slope - 3 * (a.loss() - b.loss()) / (a.at - b.at);
        double square = d1 * d1 - a.slope * b.slope;
        if (!(square >= 0)) {
            return (from + to) / 2;
        }
        double d2 = Math.sqrt(square);
        double t = b.at - (b.at - a.at) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2));
        return Math.min(Math.max(t, from), to);
    }
}
