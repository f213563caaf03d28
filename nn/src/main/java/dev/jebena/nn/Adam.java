package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.List;

/// Adam (Kingma and Ba 2015), in which weight decay is a part of the gradient; see [AdamW]. State:
/// `exp_avg`, `exp_avg_sq`, `max_exp_avg_sq`.
public final class Adam extends Optimizer {
    /// @param beta1 share of the mean gradient that stays in a step
    /// @param beta2 share of the mean square that stays in a step
    /// @param epsilon added to the root of the mean square
    /// @param weightDecay times the value
    /// @param amsgrad whether the largest mean square so far counts (Reddi et al. 2018)
    public record Options(
            double beta1, double beta2, double epsilon, double weightDecay, boolean amsgrad) {
        public Options {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
                throw NnException.option(
                        "Adam: betas are %s and %s; numbers from 0 to below 1 are needed",
                        beta1, beta2);
            }
            NnException.notNegative("Adam: epsilon", epsilon);
        }

        /// Without weight decay, as [Adam] has it.
        public static Options defaults() {
            return new Options(0.9, 0.999, 1e-8, 0, false);
        }

        public Options betas(double first, double second) {
            return new Options(first, second, epsilon, weightDecay, amsgrad);
        }

        public Options epsilon(double number) {
            return new Options(beta1, beta2, number, weightDecay, amsgrad);
        }

        public Options weightDecay(double factor) {
            return new Options(beta1, beta2, epsilon, factor, amsgrad);
        }

        public Options amsgrad(boolean whether) {
            return new Options(beta1, beta2, epsilon, weightDecay, whether);
        }
    }

    private final Options options;

    private Adam(List<ParameterGroup> groups, double rate, Options options) {
        super(groups, rate, options.weightDecay);
        this.options = options;
    }

    public static Adam of(List<Parameter> parameters, double rate) {
        return of(parameters, rate, Options.defaults());
    }

    public static Adam of(List<Parameter> parameters, double rate, Options options) {
        return ofGroups(List.of(ParameterGroup.of(parameters)), rate, options);
    }

    public static Adam ofGroups(List<ParameterGroup> groups, double rate, Options options) {
        return new Adam(groups, rate, options);
    }

    @Override
    protected Tensor update(Tensor value, Tensor g, Moments memory, double rate, double decay) {
        Tensor gradient = decay == 0 ? g : g.add(value.mul(decay));
        return step(value, gradient, memory, rate, options);
    }

    static Tensor step(Tensor value, Tensor g, Moments memory, double rate, Options options) {
        double beta1 = options.beta1;
        double beta2 = options.beta2;
        Tensor mean = memory.get("exp_avg", g).lerp(g, 1 - beta1);
        Tensor square = memory.get("exp_avg_sq", g).mul(beta2).add(g.square().mul(1 - beta2));
        memory.set("exp_avg", mean);
        memory.set("exp_avg_sq", square);
        if (options.amsgrad) {
            square = memory.set("max_exp_avg_sq", memory.get("max_exp_avg_sq", g).maximum(square));
        }
        // The means began with 0, which these divisions make up for.
        double size = rate / (1 - Math.pow(beta1, (double) memory.step()));
        double root = Math.sqrt(1 - Math.pow(beta2, (double) memory.step()));
        Tensor below = square.sqrt().div(root).add(options.epsilon);
        return value.sub(mean.div(below).mul(size));
    }
}
