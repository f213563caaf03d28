package dev.jebena.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An operation with a derivative of its own, for [Tensor#custom].
///
/// ```java
/// CustomOp doubled = new CustomOp() { ... };
/// Tensor y = Tensor.custom(doubled, x).getFirst();
/// ```
public interface CustomOp {
    /// For errors and graphs.
    String name();

    /// Computes the outputs; the inputs are not tracked for derivatives here.
    List<Tensor> forward(List<Tensor> inputs);

    /// The derivatives for the inputs, null where there is none: of `sum over i of cotangents[i] *
    /// outputs[i]`. Written in operations of tensors, it has derivatives itself.
    List<@Nullable Tensor> backward(
            List<Tensor> inputs, List<Tensor> outputs, List<Tensor> cotangents);
}
