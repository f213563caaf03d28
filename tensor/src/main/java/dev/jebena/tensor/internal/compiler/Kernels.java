package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.internal.PackedOperand;
import dev.jebena.tensor.internal.View;
import org.jspecify.annotations.Nullable;

/// What eager execution offers to compiled programs.
public interface Kernels {
    /// Does an op into given memory.
    void compute(Op op, View[] in, View[] out);

    /// The result of an op that only looks at the same memory in another way; null if it has to be
    /// copied.
    @Nullable View view(Op op, View[] in, Shape shape);

    /// A constant matrix, packed as the right operand of products; once for all programs that are
    /// given these kernels.
    PackedOperand packed(View matrix);

    /// The elements of a tensor that is known.
    View elements(Tensor tensor);

    /// A tensor of elements.
    Tensor tensor(View view);
}
