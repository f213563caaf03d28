package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Functions of functions: each way to a derivative gives the same numbers.
class TransformationTest {
    private final Rng rng = Rng.seed(5);

    private Tensor normal(int... shape) {
        return rng.normal(Shape.of(shape), DType.FLOAT64);
    }

    private static void near(Tensor a, Tensor b) {
        assertThat(a.shape()).isEqualTo(b.shape());
        assertThat(a.allClose(b, 1e-9, 1e-9)).as("%s%n%s", a, b).isTrue();
    }

    /// All cases of the oracle that have one operand.
    private static List<OracleCase> functions() {
        List<OracleCase> all = new ArrayList<>(OracleCases.unary());
        all.addAll(OracleCases.reductions());
        all.addAll(OracleCases.views());
        all.addAll(LayerOracleCases.products());
        all.addAll(LayerOracleCases.networks());
        all.addAll(LayerOracleCases.algebra());
        return all;
    }

    @Test
    void vmapEqualsALoop() {
        int compared = 0;
        for (OracleCase c : functions()) {
            if (c.name().startsWith("masked") || c.name().startsWith("nonzero")) {
                continue;
            }
            Tensor[] inputs = inputs(c, 3);
            Tensor mapped = Vmap.ofSeveral(in -> c.ours().apply(joined(c, in))).apply(inputs);
            Tensor[] each = new Tensor[3];
            for (int i = 0; i < 3; i++) {
                Tensor[] one = new Tensor[inputs.length];
                for (int k = 0; k < one.length; k++) {
                    one[k] = inputs[k].select(0, i);
                }
                each[i] = c.ours().apply(joined(c, one));
            }
            Tensor expected = Tensors.stack(0, each);
            assertThat(
                            mapped.allClose(expected, 1e-9, 1e-9)
                                    || expected.isNan().any().itemLong() == 1)
                    .as("%s: %s %s", c.name(), mapped, expected)
                    .isTrue();
            compared++;
        }
        assertThat(compared).isGreaterThan(300);
    }

    private Tensor[] inputs(OracleCase c, int batch) {
        Tensor[] inputs = new Tensor[c.shapes().size()];
        for (int i = 0; i < inputs.length; i++) {
            Shape shape = c.shapes().get(i).insert(0, batch);
            inputs[i] = c.domain().apply(rng.normal(shape, DType.FLOAT64));
        }
        return inputs;
    }

    private static Tensor[] joined(OracleCase c, Tensor... inputs) {
        List<Tensor> all = new ArrayList<>(List.of(inputs));
        all.addAll(c.fixed());
        return all.toArray(Tensor[]::new);
    }

    @Test
    void aTracedGraphGivesTheBitsOfEagerRuns() {
        for (OracleCase c : functions()) {
            if (c.name().startsWith("masked") || c.name().startsWith("nonzero")) {
                continue;
            }
            Tensor[] inputs = new Tensor[c.shapes().size()];
            List<Op.Spec> specs = new ArrayList<>();
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = c.domain().apply(rng.normal(c.shapes().get(i), DType.FLOAT64));
                specs.add(inputs[i].spec());
            }
            Graph.Traceable slope =
                    in -> {
                        Tensor[] x = in.toArray(Tensor[]::new);
                        Grad.Several sum =
                                all -> c.ours().apply(joined(c, all)).to(DType.FLOAT64).sum();
                        List<Tensor> out = new ArrayList<>();
                        out.add(c.ours().apply(joined(c, x)));
                        out.addAll(List.of(Grad.of(sum, x).gradients()));
                        return out;
                    };
            List<Tensor> expected = slope.apply(List.of(inputs));
            List<Tensor> actual = Graph.trace(slope, specs).run(List.of(inputs));
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i).toDoubles())
                        .as("%s, output %d", c.name(), i)
                        .isEqualTo(expected.get(i).toDoubles());
            }
        }
    }

    @Test
    void forwardModeEqualsTheJacobianTimesTheDirection() {
        List<Function<Tensor, Tensor>> functions =
                List.of(
                        x -> x.sin().mul(x.sum()),
                        x -> x.softmax(0),
                        x -> x.square().cumsum(0).log1p(),
                        x -> x.unsqueeze(0).matmul(x.unsqueeze(1)).flatten());
        for (Function<Tensor, Tensor> f : functions) {
            Tensor x = normal(5);
            Tensor v = normal(5);
            Tensor tangent = Grad.jvp(f, x, v).tangent();
            near(tangent, Grad.jacobian(f).apply(x).matmul(v));
        }
    }

    @Test
    void theHessianIsSymmetricAndEqualsFiniteDifferences() {
        Function<Tensor, Tensor> f = x -> x.sin().mul(x.flip(0)).sum().add(x.prod());
        Tensor x = normal(4);
        Tensor hessian = Grad.hessian(f).apply(x);
        near(hessian, hessian.t());
        double h = 1e-5;
        for (int i = 0; i < 4; i++) {
            Tensor e = Tensor.eye(4, DType.FLOAT64).at(i).mul(h);
            Tensor difference =
                    Grad.of(f).apply(x.add(e)).sub(Grad.of(f).apply(x.sub(e))).div(2 * h);
            assertThat(hessian.at(i).allClose(difference, 1e-6, 1e-6)).isTrue();
        }
    }

    @Test
    void derivativesEqualFiniteDifferences() {
        for (OracleCase c : functions()) {
            if (c.order() == 0 || c.shapes().size() != 1 || c.shapes().getFirst().size() == 0) {
                continue;
            }
            Tensor x = c.domain().apply(rng.normal(c.shapes().getFirst(), DType.FLOAT64));
            Tensor v = rng.normal(x.shape(), DType.FLOAT64);
            Function<Tensor, Tensor> f = in -> c.ours().apply(joined(c, in));
            if (!f.apply(x).dtype().isFloat() || c.name().startsWith("masked")) {
                continue;
            }
            double h = 1e-6;
            Tensor expected = f.apply(x.add(v.mul(h))).sub(f.apply(x.sub(v.mul(h)))).div(2 * h);
            Tensor tangent = Grad.jvp(f, x, v).tangent();
            assertThat(tangent.allClose(expected, 1e-4, 1e-4))
                    .as("%s: %s, differences %s", c.name(), tangent, expected)
                    .isTrue();
        }
    }

    @Test
    void gradientsNestWithoutConfusion() {
        // d/dx (x * d/dy (x + y) at y = 1) is 1, not 2.
        double value =
                Grad.of(x -> x.mul(Grad.of(y -> x.add(y)).apply(Tensor.scalar(1))))
                        .apply(Tensor.scalar(3))
                        .item();
        assertThat(value).isEqualTo(1);
    }

    @Test
    void variablesGetGradientsAsAValue() {
        Tensor w = normal(3, 2).variable();
        Tensor x = normal(4, 3);
        Gradients gradients = x.matmul(w).square().sum().backward();
        near(gradients.of(w), x.t().matmul(x.matmul(w.detach())).mul(2));
        Tensor other = normal(2).variable();
        assertThat(gradients.contains(other)).isFalse();
        near(gradients.of(other), other.detach().zerosLike());
    }

    @Test
    void gradientsOfGradientsOfVariables() {
        Tensor w = Tensor.scalar(2, DType.FLOAT64).variable();
        Gradients first = w.pow(3).backwardDifferentiable();
        assertThat(first.of(w).item()).isEqualTo(12);
        assertThat(first.of(w).backward().of(w).item()).isEqualTo(12);
    }

    @Test
    void aCustomOpHasItsOwnDerivative() {
        CustomOp rounded =
                new CustomOp() {
                    @Override
                    public String name() {
                        return "straightThrough";
                    }

                    @Override
                    public List<Tensor> forward(List<Tensor> inputs) {
                        return List.of(inputs.getFirst().round());
                    }

                    @Override
                    public List<@Nullable Tensor> backward(
                            List<Tensor> inputs, List<Tensor> outputs, List<Tensor> cotangents) {
                        return new ArrayList<>(cotangents);
                    }
                };
        Function<Tensor, Tensor> f = x -> Tensor.custom(rounded, x).getFirst().square().sum();
        Tensor x = Tensor.of(new double[] {1.2, 2.7});
        near(Grad.of(f).apply(x), Tensor.of(new double[] {2, 6}));
        near(Vmap.of(v -> Tensor.custom(rounded, v).getFirst()).apply(x), x.round());
    }

    @Test
    void recomputedPartsGiveTheSameGradients() {
        Tensor w = normal(3, 3).variable();
        Tensor x = normal(2, 3).variable();
        Function<Tensor, Tensor> block = in -> in.matmul(w).tanh().matmul(w.t());
        Gradients plain = block.apply(x).square().sum().backward();
        Gradients saved = Checkpoint.of(block).apply(x).square().sum().backward();
        near(saved.of(w), plain.of(w));
        near(saved.of(x), plain.of(x));
    }

    @Test
    void recomputedPartsDrawTheSameNumbers() {
        Rng chance = Rng.seed(3);
        Tensor x = normal(50).variable();
        Tensor y = Checkpoint.of(in -> in.dropout(0.5, chance), chance).apply(x);
        Tensor expected = y.detach().ne(0).to(DType.FLOAT64).mul(2);
        near(y.sum().backward().of(x), expected);
    }

    @Test
    void choicesByValueAreAClearErrorWhileTracing() {
        assertThatThrownBy(() ->
                        Graph.trace(
                                in -> in.get(0).item() > 0 ? in : List.of(),
                                List.of(new Op.Spec(Shape.scalar(), DType.FLOAT32))))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("not known while the function is traced")
                .hasMessageContaining("where()");
    }
}
