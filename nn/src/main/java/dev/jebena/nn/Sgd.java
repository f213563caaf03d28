package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.List;

/// Gradient descent with momentum. State: `momentum_buffer`.
public final class Sgd extends Optimizer {
    /// @param momentum share of the steps before
    /// @param dampening share of the gradient that momentum leaves out
    /// @param weightDecay times the value, added to the gradient
    /// @param nesterov whether the momentum is looked ahead by one step
    public record Options(double momentum, double dampening, double weightDecay, boolean nesterov) {
        public Options {
            if (nesterov && (!(momentum > 0) || dampening != 0)) {
                throw NnException.option(
                        "Sgd: nesterov with momentum %s and dampening %s; a momentum above 0 and"
                                + " dampening 0 are needed",
                        momentum, dampening);
            }
        }

        public static Options defaults() {
            return new Options(0, 0, 0, false);
        }

        public Options momentum(double share) {
            return new Options(share, dampening, weightDecay, nesterov);
        }

        public Options dampening(double share) {
            return new Options(momentum, share, weightDecay, nesterov);
        }

        public Options weightDecay(double factor) {
            return new Options(momentum, dampening, factor, nesterov);
        }

        public Options nesterov(boolean whether) {
            return new Options(momentum, dampening, weightDecay, whether);
        }
    }

    private final Options options;

    private Sgd(List<ParameterGroup> groups, double rate, Options options) {
        super(groups, rate, options.weightDecay);
        this.options = options;
    }

    public static Sgd of(List<Parameter> parameters, double rate) {
        return of(parameters, rate, Options.defaults());
    }

    public static Sgd of(List<Parameter> parameters, double rate, Options options) {
        return ofGroups(List.of(ParameterGroup.of(parameters)), rate, options);
    }

    public static Sgd ofGroups(List<ParameterGroup> groups, double rate, Options options) {
        return new Sgd(groups, rate, options);
    }

    @Override
    protected Tensor update(Tensor value, Tensor g, Moments memory, double rate, double decay) {
        Tensor gradient = decay == 0 ? g : g.add(value.mul(decay));
        if (options.momentum != 0) {
            Tensor before = memory.find("momentum_buffer");
            Tensor buffer =
                    before == null
                            ? gradient
                            : before.mul(options.momentum).add(gradient.mul(1 - options.dampening));
            memory.set("momentum_buffer", buffer);
            gradient = options.nesterov ? gradient.add(buffer.mul(options.momentum)) : buffer;
        }
        return value.sub(gradient.mul(rate));
    }
}
