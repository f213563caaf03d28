package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.List;

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019). State as [Adam].
public final class AdamW extends Optimizer {
    private final Adam.Update update;

    private AdamW(List<ParameterGroup> groups, double rate, Adam.Options options) {
        super(groups, rate, options.weightDecay());
        update = new Adam.Update(options, true);
    }

    /// Weight decay 0.01, as in PyTorch.
    public static Adam.Options defaults() {
        return Adam.Options.defaults().weightDecay(0.01);
    }

    public static AdamW of(List<Parameter> parameters, double rate) {
        return of(parameters, rate, defaults());
    }

    public static AdamW of(List<Parameter> parameters, double rate, Adam.Options options) {
        return ofGroups(List.of(ParameterGroup.of(parameters)), rate, options);
    }

    public static AdamW ofGroups(List<ParameterGroup> groups, double rate, Adam.Options options) {
        return new AdamW(groups, rate, options);
    }

    @Override
    protected Tensor update(Tensor value, Tensor g, Moments memory, double rate, double decay) {
        return update.apply(value, g, memory, rate, decay);
    }
}
