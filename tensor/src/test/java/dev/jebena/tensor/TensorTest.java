package dev.jebena.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void errorsNameBothShapesAndTheNumbersThatDiffer() {
        assertThatThrownBy(() -> Tensor.zeros(8, 64).matmul(Tensor.zeros(32, 10)))
                .hasMessage("matmul: inner dimensions differ: [8, 64] x [32, 10] (64 vs 32)");
        assertThatThrownBy(() -> Tensor.zeros(2, 3).add(Tensor.zeros(4)))
                .hasMessageContaining("[2, 3] and [4] do not broadcast: axis -1 has 3 and 4");
        assertThatThrownBy(() -> Tensor.zeros(2, 3).sum(2)).hasMessageContaining("-2 to 1");
        assertThatThrownBy(() -> Tensor.zeros(2, 3).reshape(4, 2)).hasMessageContaining("8");
        assertThatThrownBy(() -> Tensor.zeros(3).index(Tensor.of(new long[] {3})))
                .hasMessageContaining("3 is out of range for axis 0 of [3] (-3 to 2)");
        assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2)).hasMessageContaining("3 values");
        assertThatThrownBy(() -> Tensor.zeros(0).max()).hasMessageContaining("empty");
    }

    @Test
    void tooMuchMemoryIsAnErrorWithItsSize() {
        assertThatThrownBy(() -> Tensor.zeros(1 << 20, 1 << 20).add(1))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("needs 4194304 MB")
                .hasMessageContaining("MaxDirectMemorySize");
    }

    @Test
    void typesArePromotedAsInPyTorch() {
        Tensor bytes = Tensor.of(new int[] {1, 2}).to(DType.UINT8);
        Tensor longs = Tensor.of(new long[] {1, 2});
        Tensor floats = Tensor.of(new float[] {1, 2});
        Tensor halves = floats.to(DType.FLOAT16);
        assertThat(bytes.add(bytes.to(DType.INT8)).dtype()).isEqualTo(DType.INT16);
        assertThat(bytes.add(longs).dtype()).isEqualTo(DType.INT64);
        assertThat(longs.add(halves).dtype()).isEqualTo(DType.FLOAT16);
        assertThat(halves.add(floats.to(DType.BFLOAT16)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(halves.add(Tensor.scalar(1, DType.FLOAT64)).dtype()).isEqualTo(DType.FLOAT16);
        assertThat(longs.add(1.5).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(bytes.add(1).dtype()).isEqualTo(DType.UINT8);
        assertThat(longs.div(longs).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(bytes.sum().dtype()).isEqualTo(DType.INT64);
        assertThat(bytes.gt(1).add(1).dtype()).isEqualTo(DType.INT64);
    }

    @Test
    void integersWrapAndDivideLikePython() {
        Tensor x = Tensor.of(new int[] {-7, 7, -8});
        assertThat(x.floorDivide(2).toLongs()).containsExactly(-4, 3, -4);
        assertThat(x.remainder(4).toLongs()).containsExactly(1, 3, 0);
        assertThat(Tensor.of(new int[] {200, 300}).to(DType.INT8).toLongs())
                .containsExactly(-56, 44);
        assertThatThrownBy(() -> x.remainder(0)).hasMessageContaining("by 0");
    }

    @Test
    void narrowFloatsRoundToNearestEven() {
        Tensor x = Tensor.of(new float[] {0x1.01p0f, 0x1.03p0f, 3.4e38f, 1e-8f});
        assertThat(x.to(DType.BFLOAT16).toDoubles())
                .containsExactly(1.0, 1.015625, Double.POSITIVE_INFINITY, 1.0011717677116394e-8);
        assertThat(x.to(DType.FLOAT16).toDoubles()[2]).isInfinite();
    }

    @Test
    void tensorsPrintAsInPyTorch() {
        assertThat(Tensor.of(new float[] {1, 2.5f, -3}, 3))
                .hasToString("tensor([ 1.0000,  2.5000, -3.0000])");
        assertThat(Tensor.arange(6).reshape(2, 3))
                .hasToString("tensor([[0, 1, 2],\n        [3, 4, 5]])");
        assertThat(Tensor.scalar(2)).hasToString("tensor(2.)");
        assertThat(Tensor.zeros(2).gt(1)).hasToString("tensor([false, false])");
        assertThat(Tensor.of(new double[] {1e-5, 1}))
                .hasToString("tensor([1.0000e-05, 1.0000e+00], dtype=float64)");
        assertThat(Tensor.arange(2000))
                .hasToString("tensor([   0,    1,    2, ..., 1997, 1998, 1999])");
        assertThat(Tensor.zeros(0, 3)).hasToString("tensor([], shape=[0, 3])");
    }

    @Test
    void viewsShareMemory() {
        Tensor x = Tensor.arange(24).reshape(2, 3, 4);
        Tensor y = x.permute(2, 0, 1).slice(0, 1, 4, 2).flip(1).unfold(2, 2, 1);
        assertThat(y.view().storage()).isSameAs(x.view().storage());
        assertThat(y.at(1, 0, 1).toLongs()).containsExactly(19, 23);
    }

    @Test
    void uniqueGivesValuesPlacesAndCounts() {
        var unique = Tensor.of(new long[] {3, 1, 3, 2, 1, 3}).unique();
        assertThat(unique.values().toLongs()).containsExactly(1, 2, 3);
        assertThat(unique.inverse().toLongs()).containsExactly(2, 0, 2, 1, 0, 2);
        assertThat(unique.counts().toLongs()).containsExactly(2, 1, 3);
    }

    @Test
    void releasedMemoryIsTheNextTensorsAndReadingItIsAnError() {
        Tensor x = Rng.seed(1).normal(100, 100);
        Tensor view = x.t();
        long address = x.memory().address();
        x.release();
        x.release();
        Tensor next = Tensor.ones(100, 100).add(1);
        assertThat(next.memory().address()).isEqualTo(address);
        assertThatThrownBy(view::toFloats)
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("given back with release()");
        Tensor variable = next.variable();
        Tensor squares = variable.square();
        squares.release();
        assertThat(squares.sum().backward().of(variable).sum().item()).isEqualTo(40_000);
    }

    @Test
    void gradientsOfWeightsLieAsTheWeightsDo() {
        Rng rng = Rng.seed(4);
        Tensor x = rng.normal(9, 7);
        Tensor weight = rng.normal(5, 7).variable();
        Tensor gradient = x.linear(weight).square().sum().backward().of(weight);
        assertThat(gradient.view().isContiguous()).isTrue();
        Tensor turned = weight.detach().t().contiguous().variable();
        Tensor other = x.matmul(turned).square().sum().backward().of(turned);
        assertThat(gradient.toFloats()).isEqualTo(other.t().toFloats());
    }

    @Test
    void layerNormInOnePassHasTheBitsOfOpAfterOp() {
        Rng rng = Rng.seed(5);
        for (int[] shape : new int[][] {{7, 33}, {3, 5, 64}, {2, 2, 130}}) {
            Tensor x = rng.normal(shape);
            Tensor turned = x.transpose(0, x.rank() - 2).mul(3);
            int n = x.dim(-1);
            Tensor weight = rng.normal(n);
            Tensor bias = rng.normal(n);
            Tensor wide = rng.normal(turned.dim(-2), n);
            for (Tensor w : new Tensor[] {weight, wide}) {
                Tensor b = w == wide ? wide.add(1) : bias;
                Tensor chain = turned.standardize(w.rank(), 1e-5).mul(w);
                assertThat(turned.layerNorm(w, null, 1e-5).toFloats()).isEqualTo(chain.toFloats());
                assertThat(turned.layerNorm(w, b, 1e-5).toFloats())
                        .isEqualTo(chain.add(b).toFloats());
            }
        }
    }

    @Test
    void philoxGivesThePublishedNumbers() {
        // Known answers of the Random123 library for counter 0, key 0.
        long bits = Rng.seed(0).nextLong();
        assertThat(bits).isEqualTo(0x6627e8d5e169c58dL);
    }

    @Test
    void randomNumbersHaveTheirMoments() {
        Rng rng = Rng.seed(11);
        Tensor normal = rng.normal(200_000);
        assertThat(normal.mean().item()).isBetween(-0.01, 0.01);
        assertThat(normal.var().item()).isBetween(0.98, 1.02);
        Tensor uniform = rng.uniform(200_000);
        assertThat(uniform.mean().item()).isBetween(0.495, 0.505);
        assertThat(uniform.max().item()).isLessThan(1);
        assertThat(rng.permutation(100).sort(0, false).values().toLongs())
                .isEqualTo(Tensor.arange(100).toLongs());
        Tensor drawn = rng.randint(-3, 5, 10_000);
        assertThat(drawn.min().itemLong()).isEqualTo(-3);
        assertThat(drawn.max().itemLong()).isEqualTo(4);
        Tensor weights = Tensor.of(new float[] {0, 1, 3});
        Tensor chosen = rng.multinomial(weights, 10_000).to(DType.FLOAT32);
        assertThat(chosen.mean().item()).isBetween(1.72, 1.78);
    }
}
