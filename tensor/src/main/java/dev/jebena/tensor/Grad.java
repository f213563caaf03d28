package dev.jebena.tensor;

import dev.jebena.tensor.Value.Tracked;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Derivatives of functions, as functions. They nest, and go together with [Vmap] and [Graph].
///
/// ```java
/// UnaryOperator<Tensor> slope = Grad.of(x -> x.sin().sum());
/// UnaryOperator<Tensor> curvature = Grad.of(x -> slope.apply(x).sum());
/// ```
public final class Grad {
    private Grad() {}

    /// A function of several tensors.
    @FunctionalInterface
    public interface Several {
        Tensor apply(Tensor... inputs);
    }

    /// A value and its gradients for all arguments.
    public record ValueAndGradients(Tensor value, Tensor[] gradients) {}

    /// A value and its derivative in one direction.
    public record Dual(Tensor value, Tensor tangent) {}

    /// A function's value, and how gradients go back through it.
    public static final class Pullback {
        private final GradLevel level;
        private final Tensor[] variables;
        private final Tensor output;

        private Pullback(GradLevel level, Tensor[] variables, Tensor output) {
            this.level = level;
            this.variables = variables;
            this.output = output;
        }

        public Tensor value() {
            return level.primal(output);
        }

        /// The gradient for the first argument, given that of the value.
        public Tensor pull(Tensor gradient) {
            return pullAll(gradient)[0];
        }

        /// The gradients for all arguments.
        public Tensor[] pullAll(Tensor gradient) {
            Set<Tracked> ends = new HashSet<>();
            for (Tensor variable : variables) {
                ends.add(Objects.requireNonNull(level.own(variable)));
            }
            Map<Tracked, Tensor> found =
                    level.pull(new Tensor[] {output}, new Tensor[] {gradient}, ends, false);
            Tensor[] all = new Tensor[variables.length];
            for (int i = 0; i < all.length; i++) {
                Tensor one = found.get(level.own(variables[i]));
                all[i] = one == null ? level.primal(variables[i]).zerosLike() : one;
            }
            return all;
        }
    }

    /// The gradient of a function whose value is a scalar.
    public static UnaryOperator<Tensor> of(Function<Tensor, Tensor> function) {
        return x -> of(in -> function.apply(in[0]), x).gradients()[0];
    }

    /// The gradients of a function for two arguments.
    public static BiFunction<Tensor, Tensor, Tensor[]> of(
            BiFunction<Tensor, Tensor, Tensor> function) {
        return (x, y) -> of(in -> function.apply(in[0], in[1]), x, y).gradients();
    }

    /// Value and gradients of a function whose value is a scalar.
    public static ValueAndGradients of(Several function, Tensor... inputs) {
        Pullback pullback = vjp(function, inputs);
        Tensor value = pullback.value();
        if (value.size() != 1) {
            throw TensorException.gradient(
                    "grad: the function's value has shape %s, not that of a scalar; see jacobian",
                    value.shape());
        }
        return new ValueAndGradients(value, pullback.pullAll(value.onesLike()));
    }

    /// Reverse mode: the value at some point, and the way back.
    public static Pullback vjp(Several function, Tensor... inputs) {
        GradLevel level = new GradLevel(Level.newDepth());
        Tensor[] variables = new Tensor[inputs.length];
        for (int i = 0; i < variables.length; i++) {
            variables[i] = level.lift(inputs[i]);
        }
        return new Pullback(level, variables, function.apply(variables));
    }

    /// Forward mode: the derivative at `x` in direction `v`.
    ///
    /// The way back is linear in the gradient u, so its derivative for u, applied to v, is the way
    /// forth: no second set of rules.
    public static Dual jvp(Function<Tensor, Tensor> function, Tensor x, Tensor v) {
        return jvp(in -> function.apply(in[0]), new Tensor[] {x}, new Tensor[] {v});
    }

    /// The same for several arguments.
    public static Dual jvp(Several function, Tensor[] inputs, Tensor[] directions) {
        for (int i = 0; i < inputs.length; i++) {
            if (!inputs[i].shape().equals(directions[i].shape())) {
                throw TensorException.gradient(
                        "jvp: argument %d has shape %s, its direction %s",
                        i, inputs[i].shape(), directions[i].shape());
            }
        }
        Pullback pullback = vjp(function, inputs);
        Tensor value = pullback.value();
        GradLevel outer = new GradLevel(Level.newDepth());
        Tensor u = outer.lift(value.zerosLike());
        Tensor[] back = pullback.pullAll(u);
        Map<Tracked, Tensor> found = outer.pull(back, directions, Set.of(), false);
        Tensor tangent = found.get(outer.own(u));
        return new Dual(value, tangent == null ? value.zerosLike() : tangent);
    }

    /// All derivatives of a function: axes of its value, then axes of its argument.
    public static UnaryOperator<Tensor> jacobian(Function<Tensor, Tensor> function) {
        return x -> {
            Pullback pullback = vjp(in -> function.apply(in[0]), x);
            Tensor value = pullback.value();
            int n = Math.toIntExact(value.size());
            Shape all = value.shape().concat(x.shape());
            if (n == 0 || x.size() == 0) {
                return Tensor.full(all, 0, x.dtype());
            }
            Tensor basis = Tensor.eye(n, value.dtype()).reshape(Shape.of(n).concat(value.shape()));
            return Vmap.of(pullback::pull).apply(basis).reshape(all);
        };
    }

    /// All second derivatives of a function whose value is a scalar.
    public static UnaryOperator<Tensor> hessian(Function<Tensor, Tensor> function) {
        return jacobian(of(function));
    }
}
