package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.List;

/// Gradients divided by the root of the sum of all squares so far (Duchi et al. 2011). State:
/// `sum`.
public final class Adagrad extends Optimizer {
    /// @param rateDecay the rate is divided by `1 + (step - 1) rateDecay`
    /// @param start first value of the sums
    /// @param epsilon added to the root
    public record Options(double rateDecay, double weightDecay, double start, double epsilon) {
        public static Options defaults() {
            return new Options(0, 0, 0, 1e-10);
        }
    }

    private final Options options;

    private Adagrad(List<ParameterGroup> groups, double rate, Options options) {
        super(groups, rate, options.weightDecay);
        this.options = options;
    }

    public static Adagrad of(List<Parameter> parameters, double rate) {
        return of(parameters, rate, Options.defaults());
    }

    public static Adagrad of(List<Parameter> parameters, double rate, Options options) {
        return ofGroups(List.of(ParameterGroup.of(parameters)), rate, options);
    }

    public static Adagrad ofGroups(List<ParameterGroup> groups, double rate, Options options) {
        return new Adagrad(groups, rate, options);
    }

    @Override
    protected Tensor update(Tensor value, Tensor g, Moments memory, double rate, double decay) {
        Tensor gradient = decay == 0 ? g : g.add(value.mul(decay));
        Tensor before = memory.find("sum");
        Tensor start = before == null ? g.zerosLike().add(options.start) : before;
        Tensor sum = memory.set("sum", start.add(gradient.square()));
        double now = rate / (1 + (memory.step() - 1) * options.rateDecay);
        return value.sub(gradient.div(sum.sqrt().add(options.epsilon)).mul(now));
    }
}
