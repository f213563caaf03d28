package dev.jebena.tensor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Products read operands of any layout, and the ways to compute one agree.
class ProductsTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 20;

    /// A matrix that lies by rows or by columns, with gaps or without.
    private static View matrix(Random random, DType dtype, int rows, int columns) {
        boolean transposed = random.nextBoolean();
        int gap = random.nextBoolean() ? 3 : 0;
        int lines = transposed ? columns : rows;
        int length = transposed ? rows : columns;
        View all = View.allocate(dtype, Shape.of(lines, length + gap));
        for (int i = 0; i < all.size(); i++) {
            Elements.set(dtype, all.memory(), i, random.nextGaussian());
        }
        View part = all.narrow(1, gap, length);
        return transposed ? part.permute(1, 0) : part;
    }

    private static float[] floats(View view) {
        View copy = View.allocate(view.dtype(), view.shape());
        Copy.copy(view, copy);
        return copy.memory().asSlice(0, 4 * view.size()).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    private static int size(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> 1 + random.nextInt(8);
            case 1 -> 1 + random.nextInt(70);
            default -> 8 * (1 + random.nextInt(40));
        };
    }

    @Test
    void everyElementIsOneChainOfMultiplyAdds() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int m = size(random);
            int n = size(random);
            int k = size(random);
            View a = matrix(random, DType.FLOAT32, m, k);
            View b = matrix(random, DType.FLOAT32, k, n);
            View y = View.allocate(DType.FLOAT32, Shape.of(m, n));
            Multiply.matmul(a, b, y);
            float[] left = floats(a);
            float[] right = floats(b);
            float[] expected = new float[m * n];
            for (int i = 0; i < m; i++) {
                for (int x = 0; x < k; x++) {
                    for (int j = 0; j < n; j++) {
                        int at = i * n + j;
                        expected[at] = Math.fma(left[i * k + x], right[x * n + j], expected[at]);
                    }
                }
            }
            assertThat(floats(y)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void productsOfBfloat16AreTheSameWithAndWithoutTheCpusInstructions() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int m = size(random);
            int n = size(random);
            int k = size(random);
            View a = matrix(random, DType.BFLOAT16, m, k);
            View b = matrix(random, DType.BFLOAT16, k, n);
            View y = View.allocate(DType.FLOAT32, Shape.of(m, n));
            View z = View.allocate(DType.FLOAT32, Shape.of(m, n));
            Multiply.brain(a, b, y, Gemm.hasPairs());
            Multiply.brain(a, b, z, false);
            assertThat(floats(y)).as("seed %d", seed).isEqualTo(floats(z));
        }
    }

    @Test
    void productsOfBfloat16AreRoundedOnce() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int m = size(random);
            int n = size(random);
            int k = size(random) + (seed % 4 == 0 ? 1000 : 0);
            View a = matrix(random, DType.BFLOAT16, m, k);
            View b = matrix(random, DType.BFLOAT16, k, n);
            View y = View.allocate(DType.BFLOAT16, Shape.of(m, n));
            View wide = View.allocate(DType.FLOAT32, Shape.of(m, n));
            View expected = View.allocate(DType.BFLOAT16, Shape.of(m, n));
            Multiply.matmul(a, b, y);
            Multiply.brain(a, b, wide, Gemm.hasPairs());
            Elementwise.cast(wide, expected);
            long bytes = 2L * m * n;
            assertThat(y.memory().asSlice(0, bytes).mismatch(expected.memory().asSlice(0, bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(-1);
        }
    }

    @Test
    void convolutionsInFloat32AreNearThoseInFloat64() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Rng rng = Rng.seed(seed);
            int groups = 1 + random.nextInt(2);
            int kernel = 1 + random.nextInt(3);
            ConvOptions options =
                    ConvOptions.defaults()
                            .stride(1 + random.nextInt(3), 1 + random.nextInt(2))
                            .padding(random.nextInt(3))
                            .dilation(1 + random.nextInt(2))
                            .groups(groups);
            int height = 5 + random.nextInt(30);
            Tensor x =
                    rng.normal(1 + random.nextInt(3), groups * (1 + random.nextInt(9)), height, 17);
            Tensor w =
                    rng.normal(groups * (1 + random.nextInt(9)), x.dim(1) / groups, kernel, kernel);
            List<Tensor> narrow = convolution(x, w, options);
            List<Tensor> wide = convolution(x.to(DType.FLOAT64), w.to(DType.FLOAT64), options);
            for (int i = 0; i < wide.size(); i++) {
                double difference = narrow.get(i).sub(wide.get(i)).abs().max().item();
                double largest = wide.get(i).abs().max().item();
                assertThat(difference)
                        .as("seed %d, result %d", seed, i)
                        .isLessThanOrEqualTo(1e-5 * (1 + largest));
            }
        }
    }

    /// The result and the gradients of the sum of its squares.
    private static List<Tensor> convolution(Tensor x, Tensor w, ConvOptions options) {
        Tensor image = x.variable();
        Tensor weight = w.variable();
        Tensor y = image.conv(weight, options);
        Gradients gradients = y.square().sum().backward();
        return List.of(y.detach(), gradients.of(image), gradients.of(weight));
    }
}
