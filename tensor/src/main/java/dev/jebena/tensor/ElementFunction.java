package dev.jebena.tensor;

import dev.jebena.tensor.internal.View;
import dev.jebena.tensor.internal.compiler.ElementLoop;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function of numbers, element by element: traced once, then done in one pass over float32
/// tensors of any shape, with the bits of its ops one after the other.
///
/// ```java
/// ElementFunction decay = ElementFunction.of(2, in -> List.of(in.get(0).mul(0.9).add(in.get(1))));
/// Tensor next = decay.apply(before, gradient).getFirst();
/// ```
///
/// Operands have one shape, or are scalars. Other types, and tensors that a transformation or a
/// trace looks at, go through the ops.
public final class ElementFunction {
    private final Graph.Traceable function;
    private final ElementLoop loop;

    private ElementFunction(Graph.Traceable function, ElementLoop loop) {
        this.function = function;
        this.loop = loop;
    }

    /// @param operands how many the function takes
    /// @param function with ops of single numbers only: functions, arithmetic, comparisons, choices
    public static ElementFunction of(int operands, Graph.Traceable function) {
        Op.Spec number = new Op.Spec(Shape.scalar(), DType.FLOAT32);
        Graph graph = Graph.trace(function, Collections.nCopies(operands, number));
        return new ElementFunction(function, ElementLoop.of(graph, new EagerKernels()));
    }

    public List<Tensor> apply(Tensor... operands) {
        Shape shape = Shape.scalar();
        View[] in = new View[operands.length];
        for (int i = 0; i < in.length; i++) {
            View view = plain(operands[i]);
            if (view == null) {
                return function.apply(List.of(operands));
            }
            in[i] = view;
            shape = view.shape().rank() > 0 ? view.shape() : shape;
        }
        for (View view : in) {
            if (view.shape().rank() > 0 && !view.shape().equals(shape)) {
                return function.apply(List.of(operands));
            }
        }
        return run(in, shape, operands);
    }

    private static @Nullable View plain(Tensor x) {
        return x.dtype() == DType.FLOAT32 && x.value() instanceof Value.Dense(View view)
                ? view
                : null;
    }

    private List<Tensor> run(View[] in, Shape shape, Tensor... operands) {
        List<Tensor> results = new ArrayList<>();
        View[] out = new View[loop.results().size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = View.allocate(loop.results().get(i), shape);
            results.add(new Tensor(out[i]));
        }
        try {
            if (shape.size() > 0) {
                loop.run(in, out);
            }
            return results;
        } finally {
            // Loops see addresses only.
            Reference.reachabilityFence(operands);
        }
    }
}
