package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.List;

/// Steps of one size in the direction of the sign of a mean (Chen et al. 2023). State: `exp_avg`.
public final class Lion extends Optimizer {
    private final double beta1;
    private final double beta2;

    private Lion(
            List<ParameterGroup> groups, double rate, double beta1, double beta2, double decay) {
        super(groups, rate, decay);
        this.beta1 = NnException.probability("Lion: beta1", beta1);
        this.beta2 = NnException.probability("Lion: beta2", beta2);
    }

    /// Betas 0.9 and 0.99, without weight decay. Rates are a third to a tenth of AdamW's.
    public static Lion of(List<Parameter> parameters, double rate) {
        return ofGroups(List.of(ParameterGroup.of(parameters)), rate, 0.9, 0.99, 0);
    }

    /// @param beta1 share of the mean in the direction of a step
    /// @param beta2 share of the mean that stays
    public static Lion ofGroups(
            List<ParameterGroup> groups,
            double rate,
            double beta1,
            double beta2,
            double weightDecay) {
        return new Lion(groups, rate, beta1, beta2, weightDecay);
    }

    @Override
    protected Tensor update(Tensor value, Tensor g, Moments memory, double rate, double decay) {
        Tensor mean = memory.get("exp_avg", g);
        Tensor direction = mean.mul(beta1).add(g.mul(1 - beta1)).sign();
        memory.set("exp_avg", mean.mul(beta2).add(g.mul(1 - beta2)));
        Tensor shrunk = decay == 0 ? value : value.mul(1 - rate * decay);
        return shrunk.sub(direction.mul(rate));
    }
}
