package dev.jebena.tensor;

import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Functions of one element as functions of a batch of them, without a loop.
///
/// ```java
/// Tensor each = Vmap.of(row -> row.dot(row)).apply(matrix);
/// ```
public final class Vmap {
    private Vmap() {}

    /// The function for each element along axis 0; results are stacked along axis 0.
    public static UnaryOperator<Tensor> of(Function<Tensor, Tensor> function) {
        return x -> apply(in -> function.apply(in[0]), x);
    }

    /// The same for several arguments with as many elements each.
    public static Grad.Several ofSeveral(Grad.Several function) {
        return inputs -> apply(function, inputs);
    }

    private static Tensor apply(Grad.Several function, Tensor... inputs) {
        if (inputs.length == 0) {
            throw TensorException.value("vmap: no arguments");
        }
        int count = inputs[0].dim(0);
        BatchLevel level = new BatchLevel(count);
        Tensor[] mapped = new Tensor[inputs.length];
        for (int i = 0; i < mapped.length; i++) {
            if (inputs[i].dim(0) != count) {
                throw TensorException.shape(
                        "vmap: argument 0 has %d elements, argument %d has %d",
                        count, i, inputs[i].dim(0));
            }
            mapped[i] = level.lift(inputs[i]);
        }
        return level.all(function.apply(mapped));
    }
}
