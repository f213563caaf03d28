package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// The functions that a configuration may name.
final class Activations {
    private static final Map<String, UnaryOperator<Tensor>> BY_NAME =
            Map.ofEntries(
                    Map.entry("gelu", Tensor::gelu),
                    Map.entry("gelu_python", Tensor::gelu),
                    Map.entry("gelu_new", Tensor::geluTanh),
                    Map.entry("gelu_fast", Tensor::geluTanh),
                    Map.entry("gelu_pytorch_tanh", Tensor::geluTanh),
                    Map.entry("quick_gelu", x -> x.mul(x.mul(1.702).sigmoid())),
                    Map.entry("relu", Tensor::relu),
                    Map.entry("relu2", x -> x.relu().square()),
                    Map.entry("silu", Tensor::silu),
                    Map.entry("swish", Tensor::silu),
                    Map.entry("mish", Tensor::mish),
                    Map.entry("tanh", Tensor::tanh),
                    Map.entry("sigmoid", Tensor::sigmoid),
                    Map.entry("linear", x -> x));

    private Activations() {}

    static UnaryOperator<Tensor> of(ModelConfig config, String key, String absent) {
        String name = config.text(key, absent);
        UnaryOperator<Tensor> function = BY_NAME.get(name);
        if (function == null) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "%s: %s is '%s'; known are %s"
                            .formatted(
                                    config.place(),
                                    key,
                                    name,
                                    String.join(", ", new TreeSet<>(BY_NAME.keySet()))));
        }
        return function;
    }
}
