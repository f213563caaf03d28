package dev.jebena.nn;

import dev.jebena.tensor.ElementFunction;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
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

    private final Update update;

    private Adam(List<ParameterGroup> groups, double rate, Options options) {
        super(groups, rate, options.weightDecay);
        update = new Update(options, false);
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
        return update.apply(value, g, memory, rate, decay);
    }

    /// The step of one parameter: in one pass over value, gradient and moments.
    static final class Update {
        private final Options options;
        private final boolean apart;
        private final ElementFunction plain;
        private final ElementFunction decaying;

        /// @param apart whether weight decay shrinks the value; else it is a part of the gradient
        Update(Options options, boolean apart) {
            this.options = options;
            this.apart = apart;
            int operands = options.amsgrad ? 8 : 7;
            plain = ElementFunction.of(operands, in -> step(in, false));
            decaying = ElementFunction.of(operands, in -> step(in, true));
        }

        Tensor apply(Tensor value, Tensor g, Moments memory, double rate, double decay) {
            // The means began with 0, which these divisions make up for.
            double size = rate / (1 - Math.pow(options.beta1, (double) memory.step()));
            double root = Math.sqrt(1 - Math.pow(options.beta2, (double) memory.step()));
            double share = apart ? 1 - rate * decay : decay;
            List<Tensor> operands = new ArrayList<>();
            operands.add(value);
            operands.add(g);
            operands.add(memory.get("exp_avg", g));
            operands.add(memory.get("exp_avg_sq", g));
            for (double number : new double[] {size, root, share}) {
                operands.add(Tensor.scalar(number, g.dtype()));
            }
            if (options.amsgrad) {
                operands.add(memory.get("max_exp_avg_sq", g));
            }
            List<Tensor> results =
                    (decay == 0 ? plain : decaying).apply(operands.toArray(Tensor[]::new));
            memory.set("exp_avg", results.get(1));
            memory.set("exp_avg_sq", results.get(2));
            if (options.amsgrad) {
                memory.set("max_exp_avg_sq", results.get(3));
            }
            return results.getFirst();
        }

        private List<Tensor> step(List<Tensor> in, boolean decays) {
            Tensor share = in.get(6);
            Tensor value = decays && apart ? in.get(0).mul(share) : in.get(0);
            Tensor g = decays && !apart ? in.get(1).add(in.get(0).mul(share)) : in.get(1);
            Tensor mean = in.get(2).lerp(g, 1 - options.beta1);
            Tensor square = in.get(3).mul(options.beta2).add(g.square().mul(1 - options.beta2));
            Tensor largest = options.amsgrad ? in.get(7).maximum(square) : square;
            Tensor below = largest.sqrt().div(in.get(5)).add(options.epsilon);
            Tensor next = value.sub(mean.div(below).mul(in.get(4)));
            return options.amsgrad
                    ? List.of(next, mean, square, largest)
                    : List.of(next, mean, square);
        }
    }
}
