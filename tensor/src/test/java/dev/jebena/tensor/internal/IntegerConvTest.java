package dev.jebena.tensor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.TensorException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Convolutions of 8-bit integers are exact.
class IntegerConvTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 20;

    private static Tensor integers(Rng rng, DType type, int... dims) {
        Tensor numbers = rng.uniform(Shape.of(dims), DType.FLOAT32).mul(256).floor();
        return numbers.sub(type == DType.INT8 ? 128 : 0).to(type);
    }

    @Test
    void sumsAreThoseOfFloat64() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Rng rng = Rng.seed(seed);
            DType type = random.nextBoolean() ? DType.INT8 : DType.UINT8;
            int groups = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
            int channels = 1 + random.nextInt(40);
            int kernel = 1 + random.nextInt(4);
            int length = kernel + random.nextInt(20);
            int outputs = groups * (1 + random.nextInt(60));
            Tensor x = integers(rng, type, 2, groups * channels, length, length + 3);
            Tensor w = integers(rng, DType.INT8, outputs, channels, kernel, kernel);
            int zero = random.nextInt(256) - (type == DType.INT8 ? 128 : 0);
            ConvOptions options =
                    ConvOptions.defaults()
                            .stride(1 + random.nextInt(2))
                            .padding(random.nextInt(3))
                            .groups(groups);
            Tensor turned = random.nextInt(3) == 0 ? x.t().contiguous().t() : x;
            Tensor found = turned.convInteger(w, Tensor.scalar((long) zero, type), options);
            Tensor expected =
                    x.to(DType.FLOAT64).sub((double) zero).conv(w.to(DType.FLOAT64), options);
            assertThat(found.dtype()).isEqualTo(DType.INT32);
            assertThat(found.toLongs()).as("seed %d", seed).isEqualTo(expected.toLongs());
        }
    }

    @Test
    void cpusWithoutDotProductsGiveTheSame() {
        Rng rng = Rng.seed(4);
        for (int channels : new int[] {3, 200}) {
            Tensor x = integers(rng, DType.UINT8, 1, channels, 9, 8);
            Tensor w = integers(rng, DType.INT8, 20, channels, 3, 3);
            Tensor expected =
                    x.convInteger(w, Tensor.scalar(131L, DType.UINT8), ConvOptions.defaults());
            Ints none = Ints.filled(2, 0);
            Ints one = Ints.filled(2, 1);
            View found = View.allocate(DType.INT32, expected.shape());
            Op.Window window = new Op.Window(one, none, none, one, 1, false);
            IntegerConv.inFloats(window, view(x), view(w), 131, found);
            long[] sums = expected.toLongs();
            for (int i = 0; i < sums.length; i++) {
                assertThat(Elements.integer(DType.INT32, found.memory(), i)).isEqualTo(sums[i]);
            }
        }
    }

    private static View view(Tensor tensor) {
        View view = View.allocate(tensor.dtype(), tensor.shape());
        long[] numbers = tensor.toLongs();
        for (int i = 0; i < numbers.length; i++) {
            Elements.set(tensor.dtype(), view.memory(), i, numbers[i]);
        }
        return view;
    }

    @Test
    void otherTypesAreRefused() {
        Tensor x = Tensor.zeros(1, 2, 5).to(DType.INT8);
        Tensor w = Tensor.zeros(3, 2, 1);
        ConvOptions options = ConvOptions.defaults();
        assertThatThrownBy(() -> x.conv(w.to(DType.UINT8), options))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("int8 and uint8");
        Tensor zero = Tensor.zeros(2).to(DType.INT8);
        assertThatThrownBy(() -> x.convInteger(w.to(DType.INT8), zero, options))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("what stands for 0");
    }
}
