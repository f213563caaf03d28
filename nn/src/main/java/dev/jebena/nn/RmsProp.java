package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.List;

/// Gradients divided by the root of their mean square. State: `square_avg`, `grad_avg`,
/// `momentum_buffer`.
public final class RmsProp extends Optimizer {
    /// @param alpha share of the mean square that stays in a step
    /// @param epsilon added to the root
    /// @param momentum share of the steps before
    /// @param centered whether the square of the mean is taken from the mean square
    public record Options(
            double alpha, double epsilon, double weightDecay, double momentum, boolean centered) {
        public static Options defaults() {
            return new Options(0.99, 1e-8, 0, 0, false);
        }

        public Options alpha(double share) {
            return new Options(share, epsilon, weightDecay, momentum, centered);
        }

        public Options weightDecay(double factor) {
            return new Options(alpha, epsilon, factor, momentum, centered);
        }

        public Options momentum(double share) {
            return new Options(alpha, epsilon, weightDecay, share, centered);
        }

        public Options centered(boolean whether) {
            return new Options(alpha, epsilon, weightDecay, momentum, whether);
        }
    }

    private final Options options;

    private RmsProp(List<ParameterGroup> groups, double rate, Options options) {
        super(groups, rate, options.weightDecay);
        this.options = options;
    }

    public static RmsProp of(List<Parameter> parameters, double rate) {
        return of(parameters, rate, Options.defaults());
    }

    public static RmsProp of(List<Parameter> parameters, double rate, Options options) {
        return ofGroups(List.of(ParameterGroup.of(parameters)), rate, options);
    }

    public static RmsProp ofGroups(List<ParameterGroup> groups, double rate, Options options) {
        return new RmsProp(groups, rate, options);
    }

    @Override
    protected Tensor update(Tensor value, Tensor g, Moments memory, double rate, double decay) {
        Tensor gradient = decay == 0 ? g : g.add(value.mul(decay));
        double alpha = options.alpha;
        Tensor square =
                memory.get("square_avg", g).mul(alpha).add(gradient.square().mul(1 - alpha));
        memory.set("square_avg", square);
        if (options.centered) {
            Tensor mean = memory.get("grad_avg", g).lerp(gradient, 1 - alpha);
            memory.set("grad_avg", mean);
            square = square.sub(mean.square());
        }
        Tensor step = gradient.div(square.sqrt().add(options.epsilon));
        if (options.momentum > 0) {
            step =
                    memory.set(
                            "momentum_buffer",
                            memory.get("momentum_buffer", g).mul(options.momentum).add(step));
        }
        return value.sub(step.mul(rate));
    }
}
