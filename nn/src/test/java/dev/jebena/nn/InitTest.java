package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.nn.Init.FanMode;
import dev.jebena.nn.Init.Gain;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InitTest {
    private final Rng rng = Rng.seed(12);
    private final Shape shape = Shape.of(60, 40, 3, 3);

    private static void spread(Tensor x, double deviation) {
        assertThat(x.mean().item()).isCloseTo(0, Offset.offset(0.05 * deviation));
        assertThat(x.std().item()).isCloseTo(deviation, Offset.offset(0.04 * deviation));
    }

    @Test
    void variancesAreThoseOfTheFormulas() {
        spread(Init.xavierUniform(shape, 1, rng), Math.sqrt(2.0 / 900));
        spread(Init.xavierNormal(shape, Gain.TANH.factor(), rng), 5.0 / 3 * Math.sqrt(2.0 / 900));
        spread(
                Init.kaimingUniform(shape, FanMode.IN, Gain.RELU.factor(), rng),
                Math.sqrt(2.0 / 360));
        spread(
                Init.kaimingNormal(shape, FanMode.OUT, Gain.RELU.factor(), rng),
                Math.sqrt(2.0 / 540));
        double bound = Math.sqrt(3) * Math.sqrt(2.0 / 900);
        assertThat(Init.xavierUniform(shape, 1, rng).abs().max().item()).isLessThanOrEqualTo(bound);
    }

    @Test
    void layersBeginAsPyTorchsDo() {
        Linear linear = Linear.of(100, 200, rng);
        assertThat(linear.weight().value().abs().max().item()).isBetween(0.099, 0.10001);
        spread(linear.weight().value(), 0.1 / Math.sqrt(3));
        Conv conv = Conv.of(4, 8, Shape.of(5, 5), rng);
        assertThat(conv.parameter("bias").value().abs().max().item()).isBetween(0.05, 0.1);
        spread(Embedding.of(100, 50, rng).weight().value(), 1);
        MultiheadAttention attention = MultiheadAttention.of(64, 4, rng);
        spread(attention.parameter("in_proj_weight").value(), Math.sqrt(2.0 / (64 + 3 * 64)));
        assertThat(attention.parameter("out_proj.bias").value().abs().max().item()).isZero();
    }

    @Test
    void orthogonalMatricesKeepLengths() {
        for (Shape s : new Shape[] {Shape.of(5, 8), Shape.of(8, 5), Shape.of(4, 2, 3)}) {
            Tensor q = Init.orthogonal(s, 2, rng).reshape(s.dim(0), -1).to(DType.FLOAT64);
            Tensor product = q.dim(0) < q.dim(1) ? q.matmul(q.t()) : q.t().matmul(q);
            Tensor wanted = Tensor.eye(product.dim(0), DType.FLOAT64).mul(4);
            assertThat(product.allClose(wanted, 0, 1e-5)).isTrue();
        }
    }

    @Test
    void truncatedNumbersStayWithinTheirBounds() {
        Tensor x = Init.truncatedNormal(Shape.of(20000), 1, 2, 0, 3, rng);
        assertThat(x.min().item()).isGreaterThanOrEqualTo(0);
        assertThat(x.max().item()).isLessThanOrEqualTo(3);
        assertThat(x.mean().item()).isCloseTo(1.413, Offset.offset(0.02));
    }

    @Test
    void sparseAndDiracPlaceTheirZeros() {
        Tensor sparse = Init.sparse(Shape.of(10, 4), 0.35, 1, rng);
        assertThat(sparse.eq(0).sum(0).toLongs()).containsOnly(4);
        Tensor x = rng.normal(2, 3, 5, 5);
        Conv conv =
                Conv.of(
                        3,
                        3,
                        Shape.of(3, 3),
                        dev.jebena.tensor.ConvOptions.defaults().padding(1),
                        false,
                        rng);
        conv.parameter("weight").set(Init.dirac(Shape.of(3, 3, 3, 3), 1));
        assertThat(conv.apply(x).toFloats()).isEqualTo(x.toFloats());
    }
}
