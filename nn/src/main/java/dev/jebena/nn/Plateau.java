package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.Map;

/// Lowers the learning rate when a number stops getting better: `ReduceLROnPlateau`.
public final class Plateau implements Stateful {
    /// @param largest whether larger numbers are better
    /// @param factor of the rate
    /// @param patience times without improvement before that
    /// @param threshold by how much a number has to be better
    /// @param relative whether the threshold is a share of the best number
    /// @param cooldown times after a reduction that do not count
    /// @param least smallest rate
    public record Options(
            boolean largest,
            double factor,
            int patience,
            double threshold,
            boolean relative,
            int cooldown,
            double least) {
        public Options {
            if (!(factor > 0 && factor < 1)) {
                throw NnException.option("Plateau: factor %s; it is between 0 and 1", factor);
            }
        }

        public static Options defaults() {
            return new Options(false, 0.1, 10, 1e-4, true, 0, 0);
        }

        public Options patience(int times) {
            return new Options(largest, factor, times, threshold, relative, cooldown, least);
        }

        public Options factor(double number) {
            return new Options(largest, number, patience, threshold, relative, cooldown, least);
        }
    }

    private final Optimizer optimizer;
    private final Options options;
    private double best;
    private int bad;
    private int resting;

    private Plateau(Optimizer optimizer, Options options) {
        this.optimizer = optimizer;
        this.options = options;
        best = options.largest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    public static Plateau of(Optimizer optimizer, Options options) {
        return new Plateau(optimizer, options);
    }

    /// Takes the next number, and lowers the rates if it is time.
    public void observe(double number) {
        if (isBetter(number)) {
            best = number;
            bad = 0;
        } else {
            bad++;
        }
        if (resting > 0) {
            resting--;
            bad = 0;
        }
        if (bad > options.patience) {
            optimizer.scaleLearningRates(options.factor, options.least);
            resting = options.cooldown;
            bad = 0;
        }
    }

    private boolean isBetter(double number) {
        double sign = options.largest ? 1 : -1;
        double limit =
                options.relative
                        ? best * (1 + sign * options.threshold)
                        : best + sign * options.threshold;
        return options.largest ? number > limit : number < limit;
    }

    @Override
    public Map<String, Tensor> stateDict() {
        return Map.of(
                "best", Tensor.scalar(best, DType.FLOAT64),
                "num_bad_epochs", Tensor.scalar((long) bad, DType.INT64),
                "cooldown_counter", Tensor.scalar((long) resting, DType.INT64));
    }

    @Override
    public void loadStateDict(Map<String, Tensor> state) {
        double number = StateCheck.number(state, "best");
        int times = Math.toIntExact(StateCheck.integer(state, "num_bad_epochs"));
        resting = Math.toIntExact(StateCheck.integer(state, "cooldown_counter"));
        best = number;
        bad = times;
    }
}
