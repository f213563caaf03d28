package dev.jebena.tensor;

import dev.jebena.tensor.internal.compiler.Kernels;
import dev.jebena.tensor.internal.compiler.Program;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A function that is compiled when it is called: traced once for each combination of shapes and
/// types of its arguments, simplified, fused into loops, and run as such from then on, with the
/// results of eager execution.
///
/// ```java
/// Compiled step = Compiled.of(in -> {
///     Tensor w = in.get(0).variable();
///     Tensor loss = in.get(1).matmul(w).crossEntropy(in.get(2));
///     Tensor gradient = loss.backward().of(w);
///     return List.of(loss.detach(), w.detach().sub(gradient.mul(0.1)));
/// });
/// List<Tensor> lossAndWeights = step.run(w, x, classes);
/// ```
///
/// What changes from call to call has to be an argument: weights, moments, the learning rate.
/// Tensors that the function takes from elsewhere are constants. Random generators are not: each
/// call draws what the function itself would draw. Choices that depend on elements are an error
/// with code `ABSTRACT`.
///
/// With arguments that a transformation looks at (variables, `vmap`, another trace) the function
/// itself is run, so derivatives of compiled functions are right; to compile derivatives too,
/// compile the function that computes them, as above.
public final class Compiled {
    /// Programs that are kept; the one that was not used for longest goes first.
    private static final int MOST_PROGRAMS = 64;

    /// For functions without chance.
    private static final Tensor NO_STATES =
            Tensor.full(RandomSources.SPEC.shape(), 0, RandomSources.SPEC.dtype());

    private final Kernels kernels = new EagerKernels();
    private final Graph.Traceable function;
    private final Set<Integer> donated;
    private final Map<List<Op.Spec>, Traced> programs = new LinkedHashMap<>(16, 0.75f, true);

    /// A program and the generators it draws from.
    private record Traced(Program program, RandomSources sources) {}

    private Compiled(Graph.Traceable function, Set<Integer> donated) {
        this.function = function;
        this.donated = donated;
    }

    /// Of a function of any number of tensors.
    public static Compiled of(Graph.Traceable function) {
        return new Compiled(function, Set.of());
    }

    /// The same function, which takes the memory of some arguments: results are written there where
    /// that is possible, so that a training step changes weights in place. After a call these
    /// arguments, and all views of them, must not be used any more, which is an error as after
    /// [Tensor#release()]. Arguments that share their memory with others are left as they are.
    public Compiled donating(int... arguments) {
        return new Compiled(
                function, IntStream.of(arguments).boxed().collect(Collectors.toUnmodifiableSet()));
    }

    /// Of a function of one tensor.
    public static UnaryOperator<Tensor> function(UnaryOperator<Tensor> function) {
        Compiled compiled = of(in -> List.of(function.apply(in.getFirst())));
        return x -> compiled.run(x).getFirst();
    }

    public List<Tensor> run(Tensor... arguments) {
        return run(List.of(arguments));
    }

    /// The function's results, detached; whoever calls owns them.
    public List<Tensor> run(List<Tensor> arguments) {
        for (Tensor argument : arguments) {
            if (!(argument.value() instanceof Value.Dense)) {
                return function.apply(arguments);
            }
        }
        for (int index : donated) {
            if (index < 0 || index >= arguments.size()) {
                throw TensorException.value(
                        "compiled function: argument %d is to be donated, but there are %d",
                        index, arguments.size());
            }
        }
        Traced traced = traced(arguments.stream().map(Tensor::spec).toList());
        List<Tensor> all = new ArrayList<>(arguments);
        all.add(traced.sources.isEmpty() ? NO_STATES : traced.sources.next());
        return traced.program.run(all);
    }

    /// The program for arguments of these shapes and types, for people: loops with their
    /// expressions, calls, places in memory, bytes moved.
    public String explain(Op.Spec... arguments) {
        return traced(List.of(arguments)).program.explain(arguments.length);
    }

    /// How many programs there are now.
    public int programs() {
        synchronized (programs) {
            return programs.size();
        }
    }

    private Traced traced(List<Op.Spec> key) {
        synchronized (programs) {
            Traced known = programs.get(key);
            if (known == null) {
                known = compile(key);
                programs.put(key, known);
                if (programs.size() > MOST_PROGRAMS) {
                    programs.remove(programs.keySet().iterator().next());
                }
            }
            return known;
        }
    }

    private Traced compile(List<Op.Spec> specs) {
        List<Op.Spec> all = new ArrayList<>(specs);
        all.add(RandomSources.SPEC);
        var recorder = new RandomSources.Recorder(function);
        try {
            Graph graph = Graph.trace(recorder, all);
            return new Traced(Program.of(graph, kernels, donated), recorder.sources());
        } catch (TensorException e) {
            if (e.code() != TensorException.Code.ABSTRACT) {
                throw e;
            }
            TensorException located =
                    new TensorException(
                            TensorException.Code.ABSTRACT,
                            "compiled function%s: %s, or leave this out of the compiled function"
                                    .formatted(place(e), e.getMessage()));
            located.initCause(e);
            throw located;
        }
    }

    /// The first place outside this library in a stack trace.
    private static String place(Throwable e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (!isOurs(frame.getClassName())) {
                return " at " + frame;
            }
        }
        return "";
    }

    private static boolean isOurs(String name) {
        try {
            ClassLoader loader = Compiled.class.getClassLoader();
            Class<?> type = Class.forName(name, false, loader);
            CodeSource own = Compiled.class.getProtectionDomain().getCodeSource();
            CodeSource other = type.getProtectionDomain().getCodeSource();
            return other == null
                    || (own != null && Objects.equals(own.getLocation(), other.getLocation()));
        } catch (ClassNotFoundException notVisible) {
            return false;
        }
    }
}
