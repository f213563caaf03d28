package dev.jebena.tensor;

import dev.jebena.tensor.internal.View;
import dev.jebena.tensor.internal.compiler.Kernels;
import dev.jebena.tensor.internal.compiler.Program;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A function that is compiled when it is called: traced once for each combination of shapes and
/// types of its arguments, simplified, fused to loops, and run as such from then on.
public final class Compiled {
    /// Programs that are kept; the one that was not used for longest goes first.
    private static final int MOST_PROGRAMS = 64;

    private final Graph.Traceable function;
    private final Map<List<Op.Spec>, Program> programs =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<List<Op.Spec>, Program> eldest) {
                    return size() > MOST_PROGRAMS;
                }
            };

    private Compiled(Graph.Traceable function) {
        this.function = function;
    }

    public static Compiled of(Graph.Traceable function) {
        return new Compiled(function);
    }

    /// Of a function of one tensor.
    public static UnaryOperator<Tensor> function(UnaryOperator<Tensor> function) {
        Compiled compiled = of(in -> List.of(function.apply(in.getFirst())));
        return x -> compiled.run(x).getFirst();
    }

    public List<Tensor> run(Tensor... arguments) {
        return run(List.of(arguments));
    }

    public List<Tensor> run(List<Tensor> arguments) {
        return program(arguments).run(arguments);
    }

    private Program program(List<Tensor> arguments) {
        List<Op.Spec> key = arguments.stream().map(Tensor::spec).toList();
        synchronized (programs) {
            return programs.computeIfAbsent(
                    key, specs -> Program.of(Graph.trace(function, specs), EAGER));
        }
    }

    private static final Kernels EAGER =
            new Kernels() {
                @Override
                public void compute(Op op, View[] in, View[] out) {
                    Eager.compute(op, in, out);
                }

                @Override
                public @Nullable View view(Op op, View[] in, Shape shape) {
                    return Eager.view(op, in, shape);
                }

                @Override
                public View elements(Tensor tensor) {
                    return tensor.view();
                }

                @Override
                public Tensor tensor(View view) {
                    return new Tensor(view);
                }
            };
}
