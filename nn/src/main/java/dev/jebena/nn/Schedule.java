package dev.jebena.nn;

import java.util.ArrayList;
import java.util.List;

/// A factor of the learning rate as a function of the step, which begins with 0; so nothing has to
/// be saved. [Plateau] is the one that depends on what happened.
///
/// ```java
/// Schedule schedule = Schedule.cosine(10_000, 0.1).warmUp(500);
/// optimizer.follow(schedule, step);
/// ```
@FunctionalInterface
public interface Schedule {
    double factor(long step);

    static Schedule constant() {
        return step -> 1;
    }

    /// `gamma` to the number of times that `size` steps are over.
    static Schedule step(long size, double gamma) {
        return step -> Math.pow(gamma, (double) Math.floorDiv(step, size));
    }

    /// `gamma` to the number of milestones that are over.
    static Schedule multiStep(double gamma, long... milestones) {
        long[] at = milestones.clone();
        return step -> {
            int passed = 0;
            for (long milestone : at) {
                passed += step >= milestone ? 1 : 0;
            }
            return Math.pow(gamma, passed);
        };
    }

    static Schedule exponential(double gamma) {
        return step -> Math.pow(gamma, (double) step);
    }

    /// In a straight line from `start` to `end` within `total` steps, then `end`.
    static Schedule linear(double start, double end, long total) {
        return step -> start + (end - start) * Math.min(step, total) / total;
    }

    /// `(1 - step / total)^power`, then 0.
    static Schedule polynomial(long total, double power) {
        return step -> Math.pow(1 - (double) Math.min(step, total) / total, power);
    }

    /// Half a wave of the cosine from 1 to `least` within `total` steps, then `least`.
    static Schedule cosine(long total, double least) {
        return step -> wave(1, least, (double) Math.min(step, total) / total);
    }

    /// The same again and again, each time `longer` times as long (Loshchilov and Hutter 2017).
    static Schedule cosineRestarts(long first, int longer, double least) {
        return step -> {
            long length = first;
            long within = step;
            while (within >= length) {
                within -= length;
                length *= longer;
            }
            return wave(1, least, (double) within / length);
        };
    }

    /// Smith's one cycle: from `1 / start` up to 1 within `share` of the steps, then down to `1 /
    /// (start end)`, by cosines. PyTorch's defaults are 0.3, 25 and 1e4; the optimizer's rate is
    /// its `max_lr`. Momentum stays.
    static Schedule oneCycle(long total, double share, double start, double end) {
        double top = share * total - 1;
        double last = total - 1;
        return step ->
                step <= top
                        ? wave(1 / start, 1, step / top)
                        : wave(1, 1 / (start * end), Math.min(1, (step - top) / (last - top)));
    }

    /// Up and down in straight lines between `least` and 1.
    static Schedule triangular(long up, long down, double least) {
        return step -> {
            long within = step % (up + down);
            double part = within < up ? (double) within / up : 1 - (double) (within - up) / down;
            return least + (1 - least) * part;
        };
    }

    private static double wave(double from, double to, double part) {
        return to + (from - to) * (1 + Math.cos(Math.PI * part)) / 2;
    }

    /// This, times `(step + 1) / (steps + 1)` in the first steps, and counted from their end.
    default Schedule warmUp(long steps) {
        return step -> step < steps ? factor(0) * (step + 1) / (steps + 1) : factor(step - steps);
    }

    /// The product with another one: `ChainedScheduler`.
    default Schedule times(Schedule other) {
        return step -> factor(step) * other.factor(step);
    }

    /// This up to a step, then another one from its own begin: `SequentialLR`.
    default Schedule then(long at, Schedule next) {
        return step -> step < at ? factor(step) : next.factor(step - at);
    }

    /// The first factors, for people and tests.
    default List<Double> first(int count) {
        List<Double> all = new ArrayList<>();
        for (int step = 0; step < count; step++) {
            all.add(factor(step));
        }
        return all;
    }
}
