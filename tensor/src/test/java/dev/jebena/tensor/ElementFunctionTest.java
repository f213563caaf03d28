package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A function of elements in one pass has the bits of its ops one after the other, and so have the
/// other passes that eager execution makes of several ops.
class ElementFunctionTest {
    private static List<Tensor> function(List<Tensor> in) {
        Tensor sum = in.get(0).mul(in.get(2)).add(in.get(1).square());
        Tensor chosen = in.get(0).gt(0.25).where(sum.sqrt(), in.get(1).tanh().clamp(-0.5, 0.5));
        return List.of(chosen, sum.div(in.get(2)).exp(), in.get(0).lt(in.get(1)));
    }

    @Test
    void resultsAreThoseOfTheOps() {
        ElementFunction loop = ElementFunction.of(3, ElementFunctionTest::function);
        Rng rng = Rng.seed(3);
        Tensor factor = Tensor.scalar(1.5);
        for (int[] shape : new int[][] {{1}, {15}, {3, 17}, {64, 65}, {5, 1, 7}, {300, 333}}) {
            Tensor a = rng.normal(shape);
            Tensor b = rng.normal(shape);
            Tensor strided = rng.normal(shape[0], 2 * (int) (a.size() / shape[0]));
            Tensor c = strided.slice(1, 0, strided.dim(1), 2).reshape(shape);
            Tensor turned = a.rank() == 2 ? rng.normal(shape[1], shape[0]).t() : c;
            for (Tensor[] in : new Tensor[][] {{a, b, factor}, {c, turned, b}, {a, a, a}}) {
                List<Tensor> expected = function(List.of(in));
                List<Tensor> actual = loop.apply(in);
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(actual.get(i).spec()).isEqualTo(expected.get(i).spec());
                    assertThat(actual.get(i).toFloats()).isEqualTo(expected.get(i).toFloats());
                }
            }
        }
        assertThat(loop.apply(Tensor.zeros(0, 3), Tensor.zeros(0, 3), factor).get(1).size())
                .isZero();
    }

    @Test
    void otherTypesAndVariablesGoThroughTheOps() {
        ElementFunction loop = ElementFunction.of(2, in -> List.of(in.get(0).mul(in.get(1))));
        Tensor x = Tensor.of(new double[] {1, 2});
        assertThat(loop.apply(x, x).getFirst().toDoubles()).containsExactly(1, 4);
        Tensor v = Tensor.of(new float[] {3, 4}).variable();
        Tensor y = loop.apply(v, v).getFirst();
        assertThat(y.sum().backward().of(v).toFloats()).containsExactly(6, 8);
        assertThatThrownBy(() -> ElementFunction.of(1, in -> List.of(in.getFirst().softmax(0))))
                .isInstanceOf(TensorException.class);
    }

    @Test
    void derivativesInOnePassHaveTheBitsOfTheirOps() {
        Rng rng = Rng.seed(8);
        Tensor x = rng.normal(37, 130);
        Tensor g = rng.normal(37, 130);
        List<Graph.Traceable> functions =
                List.of(
                        in -> List.of(in.getFirst().gelu()),
                        in -> List.of(in.getFirst().silu()),
                        in -> List.of(in.getFirst().geluTanh()),
                        in -> List.of(in.getFirst().softmax(-1)),
                        in -> List.of(in.getFirst().logSoftmax(-1)),
                        in -> List.of(in.getFirst().standardize(1, 1e-5)),
                        in -> List.of(in.getFirst().standardize(2, 1e-5)));
        for (Graph.Traceable function : functions) {
            Graph.Traceable slope =
                    in -> {
                        Tensor v = in.get(0).variable();
                        return List.of(
                                function.apply(List.of(v)).getFirst().backward(in.get(1)).of(v));
                    };
            // A traced function sees the ops.
            List<Tensor> ops = Graph.trace(slope, List.of(x.spec(), g.spec())).run(List.of(x, g));
            float[] fused = slope.apply(List.of(x, g)).getFirst().toFloats();
            assertThat(fused).isEqualTo(ops.getFirst().toFloats());
        }
    }

    @Test
    void copiesOfTransposedViewsHaveTheirElements() {
        Rng rng = Rng.seed(9);
        int[][] shapes = {{1, 5}, {17, 1}, {16, 64}, {33, 70}, {2, 3, 65}, {3, 130, 31}};
        for (int[] shape : shapes) {
            Tensor x = rng.normal(shape);
            Tensor turned = x.transpose(-1, -2);
            float[] copy = turned.contiguous().toFloats();
            float[] own = x.toFloats();
            int m = x.dim(-2);
            int n = x.dim(-1);
            for (int i = 0; i < copy.length; i++) {
                int matrix = i / (m * n);
                int row = i % (m * n) / m;
                int column = i % m;
                assertThat(copy[i]).isEqualTo(own[matrix * m * n + column * n + row]);
            }
            Tensor part = x.transpose(0, -1);
            assertThat(part.contiguous().transpose(0, -1).toFloats()).isEqualTo(own);
        }
    }
}
