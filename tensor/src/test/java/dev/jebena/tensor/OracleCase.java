package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// One expression, in TorchScript (inputs `a0`, `a1`, ...) and in ours: value, first and second
/// derivatives in float64 and the value in float32 are compared with libtorch, for operands that
/// are contiguous and for ones that are not.
///
/// @param domain moves normal random numbers to where the function is defined
/// @param fixed further operands without derivatives: `x[n]` in TorchScript, the last inputs in
///   ours
record OracleCase(
        String name,
        String torch,
        Grad.Several ours,
        UnaryOperator<Tensor> domain,
        List<Shape> shapes,
        List<Tensor> fixed,
        int order) {
    private static final double TOLERANCE = 1e-8;

    static OracleCase of(String name, String torch, Grad.Several ours, int[]... shapes) {
        List<Shape> all = new ArrayList<>();
        for (int[] shape : shapes) {
            all.add(Shape.of(shape));
        }
        return new OracleCase(name, torch, ours, x -> x, all, List.of(), 2);
    }

    OracleCase on(UnaryOperator<Tensor> numbers) {
        return new OracleCase(name, torch, ours, numbers, shapes, fixed, order);
    }

    OracleCase with(Tensor... operands) {
        return new OracleCase(name, torch, ours, domain, shapes, List.of(operands), order);
    }

    /// How many derivatives are compared: 0, 1 or 2.
    OracleCase derivatives(int count) {
        return new OracleCase(name, torch, ours, domain, shapes, fixed, count);
    }

    void check(long seed) {
        Rng rng = Rng.seed(seed);
        for (boolean contiguous : new boolean[] {true, false}) {
            Tensor[] inputs = new Tensor[shapes.size()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = input(rng, shapes.get(i), contiguous);
            }
            compare(rng, inputs, contiguous);
        }
    }

    private Tensor input(Rng rng, Shape shape, boolean contiguous) {
        if (contiguous) {
            return domain.apply(rng.normal(shape, DType.FLOAT64)).contiguous();
        }
        // Every second element of an array with the axes in the opposite order.
        int rank = shape.rank();
        int[] dims = new int[rank];
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            dims[i] = 2 * shape.dim(rank - 1 - i);
            order[i] = rank - 1 - i;
        }
        Tensor x = domain.apply(rng.normal(Shape.of(dims), DType.FLOAT64)).contiguous();
        for (int i = 0; i < rank; i++) {
            x = x.slice(i, 0, dims[i], 2);
        }
        return x.permute(order);
    }

    private void compare(Rng rng, Tensor[] inputs, boolean contiguous) {
        Tensor[] all = joined(inputs);
        Tensor value = ours.apply(all);
        List<Tensor> given = new ArrayList<>(List.of(all));
        given.add(rng.normal(value.shape(), DType.FLOAT64));
        for (Tensor input : inputs) {
            given.add(rng.normal(input.shape(), DType.FLOAT64));
        }
        List<Tensor> expected = Torch.run(script(inputs.length), given.toArray(Tensor[]::new));
        List<Tensor> actual = derivatives(inputs, given);
        String where = "%s, contiguous %s, output ".formatted(name, contiguous);
        for (int i = 0; i < actual.size(); i++) {
            near(where + i, actual.get(i), expected.get(i), TOLERANCE);
        }
        Tensor[] narrow = new Tensor[inputs.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = inputs[i].to(DType.FLOAT32);
        }
        near(where + "float32", ours.apply(joined(narrow)), expected.getFirst(), 2e-4);
    }

    private Tensor[] joined(Tensor[] inputs) {
        List<Tensor> all = new ArrayList<>(List.of(inputs));
        all.addAll(fixed);
        return all.toArray(Tensor[]::new);
    }

    private static void near(String what, Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        double[] a = actual.toDoubles();
        double[] b = expected.toDoubles();
        for (int i = 0; i < a.length; i++) {
            boolean same =
                    Double.compare(a[i], b[i]) == 0
                            || Math.abs(a[i] - b[i]) <= tolerance * (1 + Math.abs(b[i]));
            assertThat(same)
                    .as("%s: element %d is %s, libtorch has %s", what, i, a[i], b[i])
                    .isTrue();
        }
    }

    private String script(int count) {
        StringBuilder s = new StringBuilder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            s.append("a%d = torch.requires_grad_(torch.detach(x[%d]), True)\n".formatted(i, i));
            names.add("a" + i);
        }
        s.append("y = ").append(torch).append('\n');
        return s + TorchScript.derivatives(names, count + fixed.size(), order);
    }

    private List<Tensor> derivatives(Tensor[] inputs, List<Tensor> given) {
        int weights = inputs.length + fixed.size();
        List<Tensor> results = new ArrayList<>();
        results.add(ours.apply(joined(inputs)));
        if (order == 0) {
            return results;
        }
        Grad.Several scalar =
                in -> {
                    Tensor s = ours.apply(joined(in)).mul(given.get(weights)).sum();
                    for (Tensor x : in) {
                        s = s.add(x.square().sum().mul(0.5));
                    }
                    return s;
                };
        results.addAll(List.of(Grad.of(scalar, inputs).gradients()));
        if (order > 1) {
            Grad.Several slope =
                    in -> {
                        Tensor[] g = Grad.of(scalar, in).gradients();
                        Tensor t = Tensor.scalar(0, DType.FLOAT64);
                        for (int i = 0; i < g.length; i++) {
                            t = t.add(g[i].mul(given.get(weights + 1 + i)).sum());
                        }
                        return t;
                    };
            results.addAll(List.of(Grad.of(slope, inputs).gradients()));
        }
        return results;
    }
}
