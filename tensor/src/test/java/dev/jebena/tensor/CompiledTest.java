package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
                    return List.of(loss.detach(), v.detach().sub(g.mul(0.1)));
                },
                x,
                w,
                target);
    }

    @Test
    void anotherShapeIsCompiledAgain() {
        Compiled compiled = Compiled.of(in -> List.of(in.get(0).mul(in.get(0)).sum()));
        List<Double> sums = new ArrayList<>();
        for (int n : new int[] {3, 0, 5, 3}) {
            sums.add(compiled.run(Tensor.ones(n)).getFirst().item());
        }
        assertThat(sums).containsExactly(3.0, 0.0, 5.0, 3.0);
    }
}
