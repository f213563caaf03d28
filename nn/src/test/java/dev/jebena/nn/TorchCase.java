package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Torch;
import dev.jebena.tensor.TorchScript;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Compares a block, or a function, with libtorch in float64: value, first and second derivatives
/// for all inputs and parameters.
///
/// In the TorchScript the inputs are `a0`, `a1`, ..., the parameters in the order of their
/// declaration `p0`, `p1`, ..., further tensors without derivatives `f0`, `f1`, ...; it sets `y`.
record TorchCase(
        String name,
        String torch,
        List<Parameter> parameters,
        List<Tensor> inputs,
        List<Tensor> fixed,
        Function<Tensor[], Tensor> ours,
        int order) {
    private static final double TOLERANCE = 1e-8;

    static TorchCase of(
            String name, String torch, Function<Tensor[], Tensor> ours, Tensor... inputs) {
        return new TorchCase(name, torch, List.of(), List.of(inputs), List.of(), ours, 2);
    }

    static TorchCase of(
            String name,
            String torch,
            Block block,
            Function<Tensor[], Tensor> ours,
            Tensor... inputs) {
        block.to(DType.FLOAT64);
        return new TorchCase(name, torch, block.parameters(), List.of(inputs), List.of(), ours, 2);
    }

    TorchCase with(Tensor... more) {
        return new TorchCase(name, torch, parameters, inputs, List.of(more), ours, order);
    }

    TorchCase derivatives(int count) {
        return new TorchCase(name, torch, parameters, inputs, fixed, ours, count);
    }

    /// With inputs that lie in order, and with strided ones.
    void check() {
        check(false);
        if (inputs.stream().anyMatch(input -> input.rank() > 1)) {
            check(true);
        }
    }

    private static Tensor placed(Tensor x, boolean strided) {
        return strided && x.rank() > 1 ? x.transpose(0, -1).contiguous().transpose(0, -1) : x;
    }

    private void check(boolean strided) {
        Rng rng = Rng.seed(77);
        List<Tensor> variables = new ArrayList<>();
        inputs.forEach(input -> variables.add(placed(input.to(DType.FLOAT64), strided).variable()));
        Tensor[] arguments = variables.toArray(Tensor[]::new);
        parameters.forEach(parameter -> variables.add(parameter.value()));
        Tensor value = ours.apply(arguments);
        List<Tensor> weights = new ArrayList<>();
        weights.add(rng.normal(value.shape(), DType.FLOAT64));
        variables.forEach(v -> weights.add(rng.normal(v.shape(), DType.FLOAT64)));

        List<Tensor> given = new ArrayList<>();
        variables.forEach(v -> given.add(v.detach()));
        given.addAll(fixed);
        given.addAll(weights);
        List<Tensor> expected = Torch.run(script(variables.size()), given.toArray(Tensor[]::new));
        List<Tensor> actual = derivatives(value, variables, weights);
        for (int i = 0; i < actual.size(); i++) {
            String what = name + (strided ? ", strided" : "") + ", output " + i;
            near(what, actual.get(i), expected.get(i), TOLERANCE);
        }
    }

    private List<Tensor> derivatives(Tensor value, List<Tensor> variables, List<Tensor> weights) {
        List<Tensor> all = new ArrayList<>();
        all.add(value.detach());
        if (order == 0) {
            return all;
        }
        Tensor s = value.mul(weights.get(0)).sum();
        for (Tensor v : variables) {
            s = s.add(v.square().sum().mul(0.5));
        }
        Gradients first = s.backwardDifferentiable();
        variables.forEach(v -> all.add(first.of(v).detach()));
        if (order > 1) {
            Tensor t = Tensor.scalar(0, DType.FLOAT64);
            for (int i = 0; i < variables.size(); i++) {
                t = t.add(first.of(variables.get(i)).mul(weights.get(i + 1)).sum());
            }
            Gradients second = t.backward();
            variables.forEach(v -> all.add(second.of(v).detach()));
        }
        return all;
    }

    private String script(int count) {
        StringBuilder s = new StringBuilder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String variable = i < inputs.size() ? "a" + i : "p" + (i - inputs.size());
            names.add(variable);
            s.append(
                    "%s = torch.requires_grad_(torch.detach(x[%d]), True)\n"
                            .formatted(variable, i));
        }
        for (int i = 0; i < fixed.size(); i++) {
            s.append("f%d = x[%d]\n".formatted(i, count + i));
        }
        s.append(torch.contains("y = ") ? torch : "y = " + torch).append('\n');
        return s + TorchScript.derivatives(names, count + fixed.size(), order);
    }

    static void near(String what, Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        double[] a = actual.toDoubles();
        double[] b = expected.toDoubles();
        for (int i = 0; i < a.length; i++) {
            boolean same =
                    Double.compare(a[i], b[i]) == 0
                            || Math.abs(a[i] - b[i]) <= tolerance * (1 + Math.abs(b[i]));
            assertThat(same).as("%s: element %d is %s, expected %s", what, i, a[i], b[i]).isTrue();
        }
    }
}
