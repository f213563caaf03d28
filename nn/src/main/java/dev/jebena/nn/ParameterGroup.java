package dev.jebena.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parameters that an [Optimizer] treats alike.
///
/// @param parameters the parameters
/// @param learningRate their own rate; null for that of the optimizer
/// @param weightDecay their own weight decay; null for that of the optimizer
public record ParameterGroup(
        List<Parameter> parameters, @Nullable Double learningRate, @Nullable Double weightDecay) {
    public ParameterGroup {
        parameters = List.copyOf(parameters);
    }

    /// With the optimizer's rate and weight decay.
    public static ParameterGroup of(List<Parameter> parameters) {
        return new ParameterGroup(parameters, null, null);
    }

    public ParameterGroup learningRate(double rate) {
        return new ParameterGroup(
                parameters, NnException.notNegative("learning rate", rate), weightDecay);
    }

    public ParameterGroup weightDecay(double decay) {
        return new ParameterGroup(
                parameters, learningRate, NnException.notNegative("weight decay", decay));
    }

    /// The usual two groups: weight decay for matrices, none for biases and weights of norms.
    public static List<ParameterGroup> decayMatricesOnly(List<Parameter> parameters) {
        List<Parameter> matrices = parameters.stream().filter(p -> p.shape().rank() > 1).toList();
        List<Parameter> others = parameters.stream().filter(p -> p.shape().rank() < 2).toList();
        return List.of(of(matrices), of(others).weightDecay(0));
    }
}
