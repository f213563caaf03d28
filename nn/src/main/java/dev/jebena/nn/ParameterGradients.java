package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gradients by parameter: what [Gradients] are by value, so that they can be added up, scaled and
/// clipped.
public final class ParameterGradients {
    private final Map<Parameter, Tensor> found;

    ParameterGradients(Map<Parameter, Tensor> found) {
        this.found = found;
    }

    /// Those of the parameters that have one.
    public static ParameterGradients of(List<Parameter> parameters, Gradients gradients) {
        Map<Parameter, Tensor> found = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            if (parameter.isIn(gradients)) {
                found.put(parameter, gradients.of(parameter.value()).detach());
            }
        }
        return new ParameterGradients(found);
    }

    /// None, to add to.
    public static ParameterGradients none() {
        return new ParameterGradients(Map.of());
    }

    /// The parameters that have one.
    Set<Parameter> parameters() {
        return found.keySet();
    }

    /// The gradient for a parameter; null if nothing depends on it.
    public @Nullable Tensor of(Parameter parameter) {
        return found.get(parameter);
    }

    /// The sums with others: accumulation over parts of a batch.
    public ParameterGradients plus(ParameterGradients others) {
        Map<Parameter, Tensor> sums = new LinkedHashMap<>(found);
        others.found.forEach((p, gradient) -> sums.merge(p, gradient, Tensor::add));
        return new ParameterGradients(sums);
    }

    public ParameterGradients times(double factor) {
        if (factor == 1) {
            return this;
        }
        Map<Parameter, Tensor> scaled = new LinkedHashMap<>();
        found.forEach((p, gradient) -> scaled.put(p, gradient.mul(factor)));
        return new ParameterGradients(scaled);
    }

    /// The norm of all gradients as one vector: 2 for the usual one, or infinity for the largest.
    public double norm(double p) {
        double[] each = found.values().stream().mapToDouble(g -> norm(g, p)).toArray();
        return each.length == 0 ? 0 : Tensor.of(each, each.length).norm(p, false).item();
    }

    private static double norm(Tensor gradient, double p) {
        return p == 2
                ? Math.sqrt(gradient.square().sum().item())
                : gradient.to(DType.FLOAT64).abs().norm(p, false).item();
    }

    /// Scaled down so that the 2-norm of all is at most `most`.
    public ParameterGradients clipNorm(double most) {
        return clipNorm(norm(2), most);
    }

    /// The same with the norm, where it is known.
    ParameterGradients clipNorm(double norm, double most) {
        double factor = most / (norm + 1e-6);
        return factor < 1 ? times(factor) : this;
    }

    /// Each number within `-most` and `most`.
    public ParameterGradients clipValue(double most) {
        Map<Parameter, Tensor> clipped = new LinkedHashMap<>();
        found.forEach((p, gradient) -> clipped.put(p, gradient.clamp(-most, most)));
        return new ParameterGradients(clipped);
    }

    /// Whether no number is infinite or NaN.
    public boolean isFinite() {
        for (Tensor gradient : found.values()) {
            if (gradient.isFinite().all().itemLong() == 0) {
                return false;
            }
        }
        return true;
    }
}
