package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// L-BFGS: Newton's method with the curvature that the last gradients show, for the whole data at
/// once. One [#step] makes several iterations and asks for the loss several times.
///
/// State: `d`, `prev_flat_grad`, `old_dirs`, `old_stps`, `h_diag`, `t`, `n_iter`, `func_evals`.
public final class Lbfgs implements Stateful {
    /// @param rate the length of a step, where there is no line search
    /// @param iterations most iterations of a step
    /// @param evaluations most losses of a step
    /// @param gradientTolerance a largest gradient at which it ends
    /// @param changeTolerance a change of loss or parameters at which it ends
    /// @param history pairs of gradients that are kept
    /// @param strongWolfe whether lengths are searched for
    public record Options(
            double rate,
            int iterations,
            int evaluations,
            double gradientTolerance,
            double changeTolerance,
            int history,
            boolean strongWolfe) {
        /// PyTorch's defaults, without line search.
        public static Options defaults() {
            return new Options(1, 20, 25, 1e-7, 1e-9, 100, false);
        }

        public Options rate(double length) {
            return new Options(
                    length,
                    iterations,
                    evaluations,
                    gradientTolerance,
                    changeTolerance,
                    history,
                    strongWolfe);
        }

        public Options iterations(int most) {
            return new Options(
                    rate,
                    most,
                    most * 5 / 4,
                    gradientTolerance,
                    changeTolerance,
                    history,
                    strongWolfe);
        }

        public Options strongWolfe(boolean whether) {
            return new Options(
                    rate,
                    iterations,
                    evaluations,
                    gradientTolerance,
                    changeTolerance,
                    history,
                    whether);
        }
    }

    private final List<Parameter> parameters;
    private final Options options;
    private final List<Tensor> gradientChanges = new ArrayList<>();
    private final List<Tensor> moves = new ArrayList<>();
    private @Nullable Tensor direction;
    private @Nullable Tensor lastGradient;
    private double scale = 1;
    private double length;
    private long iteration;
    private long evaluation;

    private Lbfgs(List<Parameter> parameters, Options options) {
        this.parameters = List.copyOf(parameters);
        this.options = options;
    }

    public static Lbfgs of(List<Parameter> parameters) {
        return new Lbfgs(parameters, Options.defaults());
    }

    public static Lbfgs of(List<Parameter> parameters, Options options) {
        return new Lbfgs(parameters, options);
    }

    /// The loss and the gradient of all parameters as one vector.
    private LineSearch.Point evaluate(Supplier<Tensor> loss) {
        evaluation++;
        Tensor value = loss.get();
        Gradients gradients = value.backward();
        List<Tensor> flat = new ArrayList<>();
        for (Parameter parameter : parameters) {
            flat.add(gradients.of(parameter.value()).detach().flatten());
        }
        return new LineSearch.Point(value.detach().item(), Tensors.concat(0, flat));
    }

    /// Changes the parameters so that the loss, which the function computes from their current
    /// values, becomes smaller.
    ///
    /// @return the loss before the step
    public double step(Supplier<Tensor> loss) {
        LineSearch.Point now = evaluate(loss);
        double first = now.loss();
        if (now.gradient().abs().max().item() <= options.gradientTolerance) {
            return first;
        }
        long before = evaluation - 1;
        for (int i = 0; i < options.iterations; i++) {
            iteration++;
            Tensor d = direct(now.gradient());
            lastGradient = now.gradient();
            double size = now.gradient().abs().sum().item();
            double t = iteration == 1 ? Math.min(1, 1 / size) * options.rate : options.rate;
            double slope = now.gradient().dot(d).item();
            if (slope > -options.changeTolerance) {
                break;
            }
            double old = now.loss();
            now = move(loss, now, d, t, slope, i);
            if (now.gradient().abs().max().item() <= options.gradientTolerance
                    || d.mul(length).abs().max().item() <= options.changeTolerance
                    || Math.abs(now.loss() - old) < options.changeTolerance
                    || evaluation - before >= options.evaluations) {
                break;
            }
        }
        return first;
    }

    private LineSearch.Point move(
            Supplier<Tensor> loss,
            LineSearch.Point now,
            Tensor d,
            double t,
            double slope,
            int round) {
        if (options.strongWolfe) {
            List<Tensor> from = values();
            LineSearch.Found found =
                    LineSearch.strongWolfe(
                            s -> {
                                set(from, d, s);
                                return evaluate(loss);
                            },
                            d,
                            t,
                            now,
                            slope,
                            options.changeTolerance);
            set(from, d, found.length());
            length = found.length();
            return found.point();
        }
        length = t;
        set(values(), d, t);
        // The last iteration's loss would not be used.
        return round + 1 < options.iterations ? evaluate(loss) : now;
    }

    /// The direction of the next step: the gradient times the inverse of the curvature, by the two
    /// loops of Nocedal.
    private Tensor direct(Tensor gradient) {
        if (iteration == 1 || direction == null || lastGradient == null) {
            scale = 1;
            direction = gradient.neg();
            return direction;
        }
        Tensor change = gradient.sub(lastGradient);
        Tensor move = direction.mul(length);
        double curvature = change.dot(move).item();
        if (curvature > 1e-10) {
            if (gradientChanges.size() == options.history) {
                gradientChanges.removeFirst();
                moves.removeFirst();
            }
            gradientChanges.add(change);
            moves.add(move);
            scale = curvature / change.dot(change).item();
        }
        int count = moves.size();
        double[] weight = new double[count];
        double[] share = new double[count];
        Tensor q = gradient.neg();
        for (int i = count - 1; i >= 0; i--) {
            weight[i] = 1 / gradientChanges.get(i).dot(moves.get(i)).item();
            share[i] = moves.get(i).dot(q).item() * weight[i];
            q = q.sub(gradientChanges.get(i).mul(share[i]));
        }
        Tensor r = q.mul(scale);
        for (int i = 0; i < count; i++) {
            double back = gradientChanges.get(i).dot(r).item() * weight[i];
            r = r.add(moves.get(i).mul(share[i] - back));
        }
        direction = r;
        return r;
    }

    private List<Tensor> values() {
        return parameters.stream().map(p -> p.value().detach()).toList();
    }

    private void set(List<Tensor> from, Tensor d, double t) {
        int at = 0;
        for (int i = 0; i < parameters.size(); i++) {
            Shape shape = parameters.get(i).shape();
            int size = Math.toIntExact(shape.size());
            Tensor part = d.narrow(0, at, size).reshape(shape);
            parameters.get(i).set(from.get(i).add(part.mul(t)));
            at += size;
        }
    }

    @Override
    public Map<String, Tensor> stateDict() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put("n_iter", Tensor.scalar(iteration, DType.INT64));
        state.put("func_evals", Tensor.scalar(evaluation, DType.INT64));
        state.put("h_diag", Tensor.scalar(scale, DType.FLOAT64));
        state.put("t", Tensor.scalar(length, DType.FLOAT64));
        if (direction != null && lastGradient != null) {
            state.put("d", direction);
            state.put("prev_flat_grad", lastGradient);
        }
        if (!moves.isEmpty()) {
            state.put("old_dirs", Tensors.stack(0, gradientChanges));
            state.put("old_stps", Tensors.stack(0, moves));
        }
        return state;
    }

    @Override
    public void loadStateDict(Map<String, Tensor> state) {
        int size = parameters.stream().mapToInt(p -> Math.toIntExact(p.shape().size())).sum();
        StateCheck check = new StateCheck("the state of L-BFGS");
        for (String name : List.of("d", "prev_flat_grad", "old_dirs", "old_stps")) {
            Tensor found = state.get(name);
            if (found != null && found.dim(-1) != size) {
                check.problem(
                        "%s has shape %s; the parameters have %d numbers"
                                .formatted(name, found.shape(), size));
            }
        }
        check.throwIfAny();
        iteration = StateCheck.integer(state, "n_iter");
        evaluation = StateCheck.integer(state, "func_evals");
        scale = StateCheck.number(state, "h_diag");
        length = StateCheck.number(state, "t");
        direction = state.get("d");
        lastGradient = state.get("prev_flat_grad");
        rows(state.get("old_dirs"), gradientChanges);
        rows(state.get("old_stps"), moves);
    }

    private static void rows(@Nullable Tensor matrix, List<Tensor> into) {
        into.clear();
        for (int i = 0; matrix != null && i < matrix.dim(0); i++) {
            into.add(matrix.select(0, i).contiguous());
        }
    }
}
