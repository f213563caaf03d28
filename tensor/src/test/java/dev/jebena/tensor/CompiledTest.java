package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Compiled functions give what eager execution gives.
class CompiledTest {
    static void same(Graph.Traceable function, Tensor... inputs) {
        List<Tensor> expected = function.apply(List.of(inputs));
        Compiled compiled = Compiled.of(function);
        for (int run = 0; run < 2; run++) {
            List<Tensor> actual = compiled.run(inputs);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i).spec()).isEqualTo(expected.get(i).spec());
                assertThat(actual.get(i).toDoubles())
                        .as("output %d, run %d", i, run)
                        .isEqualTo(expected.get(i).toDoubles());
            }
        }
    }

    @Test
    void elementwise() {
        Rng rng = Rng.seed(1);
        Tensor x = rng.normal(37, 65);
        Tensor b = rng.normal(65);
        same(in -> List.of(in.get(0).add(in.get(1)).gelu().mul(2).sub(in.get(0)).sin()), x, b);
        same(in -> List.of(in.get(0).gt(0).where(in.get(0), in.get(0).mul(0.1)).tanh()), x);
        same(in -> List.of(in.get(0).transpose(0, 1).exp().add(1).log()), x);
    }

    @Test
    void rows() {
        Rng rng = Rng.seed(2);
        for (int n : new int[] {2, 10, 65, 3000}) {
            Tensor x = rng.normal(7, n);
            same(in -> List.of(in.get(0).mul(2).softmax(-1).square().sum(-1)), x);
            same(in -> List.of(in.get(0).standardize(1, 1e-5).mul(3).add(1)), x);
            same(
                    in -> {
                        Tensor c = in.get(0).sub(in.get(0).sum(true, -1).div(n));
                        return List.of(c.mul(c.square().mean(true, -1).add(1e-5).rsqrt()));
                    },
                    x);
        }
    }

    /// Their panels are packed when the program is made.
    @Test
    void productsWithConstants() {
        Rng rng = Rng.seed(11);
        int[][] sizes = {{1, 64, 64}, {5, 33, 31}, {13, 600, 70}, {200, 257, 1}, {37, 1024, 96}};
        for (int[] size : sizes) {
            Tensor x = rng.normal(size[0], size[1]);
            Tensor w = rng.normal(size[1], size[2]);
            Tensor turned = rng.normal(size[2], size[1]).t();
            same(in -> List.of(in.get(0).matmul(w), in.get(0).matmul(turned)), x);
            same(in -> List.of(in.get(0).t().matmul(w)), rng.normal(size[1], size[0]));
            same(in -> List.of(in.get(0).matmul(w).add(1)), rng.normal(2, size[0], size[1]));
        }
        Tensor large = rng.normal(700, 300);
        Tensor weight = rng.normal(300, 100);
        same(in -> List.of(in.get(0).matmul(weight)), large);
    }

    @Test
    void wideProducts() {
        Rng rng = Rng.seed(12);
        int[][] sizes = {{1, 64, 64}, {5, 33, 31}, {13, 600, 70}, {20, 1100, 40}};
        for (int[] size : sizes) {
            Tensor x = rng.normal(size[0], size[1]).to(DType.BFLOAT16);
            Tensor w = rng.normal(size[1], size[2]).to(DType.BFLOAT16);
            same(in -> List.of(in.get(0).wideMatmul(w)), x);
            same(in -> List.of(in.get(0).wideMatmul(in.get(1))), x, w);
            Tensor start = rng.randint(-1000, 1000, size[2]).to(DType.INT32);
            for (DType a : new DType[] {DType.UINT8, DType.INT8}) {
                for (DType b : new DType[] {DType.UINT8, DType.INT8}) {
                    Tensor left = integers(rng, a, size[0], size[1]);
                    Tensor right = integers(rng, b, size[1], size[2]);
                    Tensor turned = integers(rng, b, size[2], size[1]).t();
                    Tensor exact = left.to(DType.INT64).matmul(right.to(DType.INT64));
                    assertThat(left.wideMatmul(right).toLongs()).isEqualTo(exact.toLongs());
                    assertThat(left.wideMatmul(right, start).toLongs())
                            .isEqualTo(exact.add(start.to(DType.INT64)).toLongs());
                    assertThat(left.wideMatmul(turned).toLongs())
                            .isEqualTo(
                                    left.to(DType.INT64).matmul(turned.to(DType.INT64)).toLongs());
                    same(in -> List.of(in.get(0).wideMatmul(right, in.get(1))), left, start);
                    same(
                            in ->
                                    List.of(
                                            in.get(0).wideMatmul(right).to(DType.FLOAT32).mul(0.1),
                                            in.get(0).t().wideMatmul(in.get(1))),
                            left,
                            left);
                }
            }
        }
    }

    private static Tensor integers(Rng rng, DType type, int... dims) {
        return rng.randint(-128, 128, dims).to(type);
    }

    @Test
    void wideProductsNameTheTypesThatTheyTake() {
        assertThatThrownBy(() -> Tensor.zeros(2, 3).wideMatmul(Tensor.zeros(3, 2)))
                .hasMessageContaining("float32 and float32; two equal floats of 16 bits");
        Tensor x = Tensor.zeros(2, 3).to(DType.INT8);
        Tensor start = Tensor.zeros(4).to(DType.INT32);
        assertThatThrownBy(() -> x.wideMatmul(x.t(), start)).hasMessageContaining("int32[1, 2]");
    }

    @Test
    void gradients() {
        Rng rng = Rng.seed(3);
        Tensor x = rng.normal(12, 20);
        Tensor w = rng.normal(20, 10);
        Tensor target = rng.randint(0, 10, 12);
        same(
                in -> {
                    Tensor v = in.get(1).variable();
                    Tensor loss = in.get(0).matmul(v).gelu().crossEntropy(in.get(2));
                    Tensor g = loss.backward().of(v);
                    return List.of(loss, v.detach().sub(g.mul(0.1)));
                },
                x,
                w,
                target);
    }

    @Test
    void anotherShapeIsCompiledAgainAndFewProgramsAreKept() {
        Compiled compiled = Compiled.of(in -> List.of(in.get(0).mul(in.get(0)).sum()));
        List<Double> sums = new ArrayList<>();
        for (int n : new int[] {3, 0, 5, 3}) {
            sums.add(compiled.run(Tensor.ones(n)).getFirst().item());
        }
        assertThat(sums).containsExactly(3.0, 0.0, 5.0, 3.0);
        assertThat(compiled.programs()).isEqualTo(3);
        for (int n = 0; n < 70; n++) {
            compiled.run(Tensor.ones(n));
        }
        assertThat(compiled.programs()).isEqualTo(64);
    }

    @Test
    void chanceIsAnInput() {
        Tensor x = Rng.seed(1).normal(33, 65);
        Rng eager = Rng.seed(5);
        Rng rng = Rng.seed(5);
        Graph.Traceable function =
                in -> List.of(in.get(0).dropout(0.3, rng).gelu(), rng.normal(3, 5).add(1));
        Compiled compiled = Compiled.of(function);
        float[] before = {};
        for (int i = 0; i < 3; i++) {
            float[] expected = x.dropout(0.3, eager).gelu().toFloats();
            float[] normal = eager.normal(3, 5).add(1).toFloats();
            List<Tensor> actual = compiled.run(x);
            assertThat(actual.get(0).toFloats()).isEqualTo(expected).isNotEqualTo(before);
            assertThat(actual.get(1).toFloats()).isEqualTo(normal);
            assertThat(rng.position()).isEqualTo(eager.position());
            before = expected;
        }
    }

    @Test
    void aGeneratorOfTheFunctionItselfBeginsAnew() {
        Compiled compiled = Compiled.of(in -> List.of(in.get(0).add(Rng.seed(3).normal(4))));
        Tensor zeros = Tensor.zeros(4);
        float[] expected = Rng.seed(3).normal(4).toFloats();
        assertThat(compiled.run(zeros).getFirst().toFloats()).isEqualTo(expected);
        assertThat(compiled.run(zeros).getFirst().toFloats()).isEqualTo(expected);
    }

    @Test
    void choicesByValueAreErrorsThatTellThePlace() {
        Compiled compiled = Compiled.of(in -> in.get(0).item() > 0 ? in : List.of(in.get(0).neg()));
        assertThatThrownBy(() -> compiled.run(Tensor.ones(1)))
                .isInstanceOfSatisfying(
                        TensorException.class,
                        e -> assertThat(e.code()).isEqualTo(TensorException.Code.ABSTRACT))
                .hasMessageContaining("CompiledTest.java")
                .hasMessageContaining("float32[1]")
                .hasMessageContaining("where()");
    }

    @Test
    void derivativesOfCompiledFunctions() {
        UnaryOperator<Tensor> compiled = Compiled.function(x -> x.sin().mul(x).sum());
        UnaryOperator<Tensor> eager = x -> x.sin().mul(x).sum();
        Tensor x = Rng.seed(4).normal(7);
        assertThat(Grad.of(compiled).apply(x).toFloats())
                .isEqualTo(Grad.of(eager).apply(x).toFloats());
        UnaryOperator<Tensor> slope = Compiled.function(Grad.of(eager));
        assertThat(slope.apply(x).toFloats()).isEqualTo(Grad.of(eager).apply(x).toFloats());
        assertThat(Compiled.function(Grad.hessian(eager)).apply(x).toFloats())
                .isEqualTo(Grad.hessian(eager).apply(x).toFloats());
    }

    @Test
    void explainTellsLoopsPlacesAndWork() {
        Compiled compiled = Compiled.of(in -> List.of(in.get(0).add(in.get(1)).gelu().sum(-1)));
        Op.Spec x = new Op.Spec(Shape.of(4, 8), DType.FLOAT32);
        Op.Spec b = new Op.Spec(Shape.of(8), DType.FLOAT32);
        assertThat(compiled.explain(x, b))
                .isEqualTo(
                        """
                        %0 = input float32[4, 8]
                        %1 = input float32[8]
                        view  %3 = reshape[to=[1, 8]](%1)
                        view  %4 = expand[to=[4, 8]](%3)
                        nest of 4 rows of 8
                          loop  %5 = add(%0, %4)
                                %6 = gelu(%5)
                          row   %7 = sum[axes [1]](%6) : float32[4, 1], result
                        view  %8 = reshape[to=[4]](%7)
                        return %8
                        memory: 0 bytes for results of 0
                        moved: 176 bytes; op by op 688; 96 operations
                        """);
    }

    @Test
    void longGraphsCompileInBoundedTime() {
        Compiled compiled =
                Compiled.of(in -> {
                    Tensor x = in.get(0);
                    for (int i = 0; i < 300; i++) {
                        x = x.matmul(in.get(1)).add(i).tanh().standardize(1, 1e-5);
                    }
                    return List.of(x);
                });
        Tensor w = Rng.seed(2).normal(16, 16);
        assertTimeout(Duration.ofSeconds(20), () -> compiled.run(Tensor.ones(4, 16), w));
    }

    @Test
    void productsThatAreOnlyUsedTransposedHaveTheSameBits() {
        Rng rng = Rng.seed(12);
        int[][] sizes = {{1, 64, 64}, {65, 33, 31}, {13, 600, 70}, {200, 257, 1}};
        for (int[] size : sizes) {
            Tensor a = rng.normal(size[0], size[1]);
            Tensor b = rng.normal(size[1], size[2]);
            same(in -> List.of(in.get(0).matmul(in.get(1)).t().mul(2)), a, b);
            same(
                    in -> {
                        Tensor product = in.get(0).matmul(in.get(1));
                        return List.of(product.t().mul(2), product.add(1));
                    },
                    a,
                    b);
            Tensor many = rng.normal(3, size[0], size[1]);
            same(in -> List.of(in.get(0).matmul(in.get(0).transpose(1, 2)).transpose(1, 2)), many);
            same(
                    in -> List.of(in.get(0).matmul(in.get(1)).t().mul(2)),
                    a.to(DType.BFLOAT16),
                    b.to(DType.BFLOAT16));
        }
        String text =
                Compiled.of(in -> List.of(in.get(0).matmul(in.get(1)).t().mul(2)))
                        .explain(
                                new Op.Spec(Shape.of(4, 5), DType.FLOAT32),
                                new Op.Spec(Shape.of(5, 6), DType.FLOAT32));
        assertThat(text).contains("matmul").contains(": float32[6, 4]");
    }

    @Test
    void donatedArgumentsAreGoneAndTheirMemoryHoldsResults() {
        Rng rng = Rng.seed(13);
        Compiled step =
                Compiled.of(in -> List.of(in.get(0).sub(in.get(1)), in.get(1).sum())).donating(0);
        Tensor w = rng.normal(50, 50);
        Tensor g = rng.normal(50, 50);
        float[] expected = w.sub(g).toFloats();
        long address = w.memory().address();
        List<Tensor> results = step.run(w, g);
        assertThat(results.getFirst().toFloats()).isEqualTo(expected);
        assertThat(results.getFirst().memory().address()).isEqualTo(address);
        assertThatThrownBy(w::toFloats).hasMessageContaining("donated to a compiled function");
        assertThatThrownBy(() -> step.run(w, g)).isInstanceOf(TensorException.class);
        Tensor both = results.getFirst();
        assertThat(step.run(both, both).getFirst().toFloats()).containsOnly(0);
        assertThat(both.toFloats()).as("an argument that is given twice stays").isEqualTo(expected);
        assertThat(step.run(both.t(), g).getFirst().size()).isEqualTo(2500);
        assertThatThrownBy(both::toFloats).isInstanceOf(TensorException.class);
        Compiled same = Compiled.of(in -> List.of(in.get(0), in.get(0).add(1))).donating(0);
        List<Tensor> kept = same.run(g);
        assertThat(kept.get(1).sub(kept.get(0)).sum().item()).isCloseTo(2500, within(1e-2));
        assertThatThrownBy(() -> Compiled.of(in -> in).donating(2).run(Tensor.ones(2)))
                .hasMessageContaining("argument 2 is to be donated, but there are 1");
    }
}
