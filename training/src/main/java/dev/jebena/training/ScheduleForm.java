package dev.jebena.training;

import dev.jebena.nn.Schedule;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Makes the schedule that the table `schedule` of a recipe describes, once the number of steps is
/// known.
@FunctionalInterface
interface ScheduleForm {
    Map<String, Function<Section, ScheduleForm>> KINDS =
            new TreeMap<>(
                    Map.of(
                            "constant", s -> steps -> Schedule.constant(),
                            "step", ScheduleForm::step,
                            "multi-step", ScheduleForm::multiStep,
                            "exponential", ScheduleForm::exponential,
                            "linear", ScheduleForm::linear,
                            "polynomial", ScheduleForm::polynomial,
                            "cosine", ScheduleForm::cosine,
                            "cosine-restarts", ScheduleForm::restarts,
                            "one-cycle", ScheduleForm::oneCycle,
                            "triangular", ScheduleForm::triangular));
    long MOST = 1_000_000_000_000L;

    /// @param steps in all, at least 1
    Schedule of(long steps);

    static ScheduleForm read(Section s) {
        long warmUp = s.integer("warm-up", 0L, 0, MOST);
        ScheduleForm course = s.kind("constant", KINDS);
        return steps -> {
            long first = Math.min(warmUp, steps - 1);
            Schedule rest = course.of(steps - first);
            return first == 0 ? rest : rest.warmUp(first);
        };
    }

    private static double least(Section s, double instead) {
        return s.number("least", instead, 0, 1);
    }

    private static ScheduleForm step(Section s) {
        long size = s.integer("size", 100L, 1, MOST);
        double gamma = s.number("gamma", 0.1, 0, 10);
        return steps -> Schedule.step(size, gamma);
    }

    private static ScheduleForm multiStep(Section s) {
        double gamma = s.number("gamma", 0.1, 0, 10);
        int[] at = s.integers("at", new int[0], 1, Integer.MAX_VALUE);
        if (at.length == 0) {
            s.problem("at", "is missing; write the steps: at = [1000, 2000]");
        }
        long[] milestones = java.util.Arrays.stream(at).asLongStream().toArray();
        return steps -> Schedule.multiStep(gamma, milestones);
    }

    private static ScheduleForm exponential(Section s) {
        double gamma = s.number("gamma", 0.999, 0, 10);
        return steps -> Schedule.exponential(gamma);
    }

    private static ScheduleForm linear(Section s) {
        double least = least(s, 0);
        return steps -> Schedule.linear(1, least, steps);
    }

    private static ScheduleForm polynomial(Section s) {
        double power = s.number("power", 1, 0, 100);
        return steps -> Schedule.polynomial(steps, power);
    }

    private static ScheduleForm cosine(Section s) {
        double least = least(s, 0);
        return steps -> Schedule.cosine(steps, least);
    }

    private static ScheduleForm restarts(Section s) {
        long first = s.integer("first", 100L, 1, MOST);
        int longer = s.integer("longer", 2, 1, 1000);
        double least = least(s, 0);
        return steps -> Schedule.cosineRestarts(first, longer, least);
    }

    private static ScheduleForm oneCycle(Section s) {
        double share = s.number("share", 0.3, 0.001, 0.999);
        return steps -> Schedule.oneCycle(Math.max(3, steps), share, 25, 1e4);
    }

    private static ScheduleForm triangular(Section s) {
        long up = s.integer("up", 100L, 1, MOST);
        long down = s.integer("down", up, 1, MOST);
        double least = least(s, 0.1);
        return steps -> Schedule.triangular(up, down, least);
    }
}
