package dev.jebena.tensor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Convolutions of many channels, as products of rows, by minimal filtering and channel by channel,
/// are near those in float64.
class ManyChannelsTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 40;

    @Test
    void minimalFilteringIsNearFloat64() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            ConvOptions options =
                    ConvOptions.defaults().padding(random.nextInt(3), random.nextInt(3));
            int[] x = {
                1 + random.nextInt(9),
                channels(random),
                3 + random.nextInt(20),
                3 + random.nextInt(20)
            };
            check(seed, options, x, channels(random), 3, 3);
        }
    }

    @Test
    void productsOfRowsAreNearFloat64() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int axes = 1 + random.nextInt(3);
            int[] x = new int[axes + 2];
            int[] kernel = new int[axes];
            x[0] = 1 + random.nextInt(6);
            x[1] = channels(random);
            for (int i = 0; i < axes; i++) {
                kernel[i] = 1 + random.nextInt(4);
                x[2 + i] = (axes == 3 ? 7 : 9) + random.nextInt(axes == 3 ? 4 : 14);
            }
            ConvOptions options =
                    ConvOptions.defaults()
                            .stride(1 + random.nextInt(3))
                            .padding(random.nextInt(3))
                            .dilation(1 + random.nextInt(2));
            check(seed, options, x, channels(random), kernel);
        }
    }

    @Test
    void channelsWithTapsOfTheirOwnAreNearFloat64() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            int axes = 1 + random.nextInt(3);
            int channels = 2 + random.nextInt(40);
            int[] x = new int[axes + 2];
            int[] kernel = new int[axes];
            x[0] = 1 + random.nextInt(4);
            x[1] = channels;
            for (int i = 0; i < axes; i++) {
                kernel[i] = 1 + random.nextInt(4);
                x[2 + i] = 7 + random.nextInt(6);
            }
            ConvOptions options =
                    ConvOptions.defaults()
                            .groups(channels)
                            .stride(1 + random.nextInt(3))
                            .padding(random.nextInt(3))
                            .dilation(1 + random.nextInt(2));
            check(seed, options, x, channels, kernel);
        }
    }

    private static int channels(Random random) {
        return random.nextInt(4) == 0 ? 16 * (1 + random.nextInt(4)) : 16 + random.nextInt(60);
    }

    private static void check(
            int seed, ConvOptions options, int[] image, int outputs, int... kernel) {
        Rng rng = Rng.seed(seed);
        int[] shape = new int[kernel.length + 2];
        shape[0] = outputs;
        shape[1] = image[1] / options.groups();
        System.arraycopy(kernel, 0, shape, 2, kernel.length);
        Tensor x = rng.normal(image);
        Tensor w = rng.normal(shape);
        List<Tensor> narrow = convolution(x, w, options);
        List<Tensor> wide = convolution(x.to(DType.FLOAT64), w.to(DType.FLOAT64), options);
        for (int i = 0; i < wide.size(); i++) {
            double difference = narrow.get(i).sub(wide.get(i)).abs().max().item();
            double largest = wide.get(i).abs().max().item();
            assertThat(difference)
                    .as(
                            "seed %d, result %d, x %s, w %s, %s",
                            seed, i, x.shape(), w.shape(), options)
                    .isLessThanOrEqualTo(4e-6 * (1 + largest));
        }
    }

    /// The result, and the gradients of the sum of its products with something.
    private static List<Tensor> convolution(Tensor x, Tensor w, ConvOptions options) {
        Tensor image = x.variable();
        Tensor weight = w.variable();
        Tensor y = image.conv(weight, options);
        Tensor other = Rng.seed(1).normal(y.shape().toArray()).to(x.dtype());
        Gradients gradients = y.mul(other).sum().backward();
        return List.of(y.detach(), gradients.of(image), gradients.of(weight));
    }
}
