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

/// Convolutions by minimal filtering are near those in float64, as near as the definition's.
class WinogradTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000) / 40;

    @Test
    void resultsAndGradientsAreNearThoseInFloat64() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            Rng rng = Rng.seed(seed);
            ConvOptions options =
                    ConvOptions.defaults().padding(random.nextInt(3), random.nextInt(3));
            int channels = 16 + random.nextInt(40);
            int outputs = 16 + random.nextInt(60);
            Tensor x =
                    rng.normal(
                            1 + random.nextInt(9), channels, 3 + random.nextInt(20), 3 + random.nextInt(20));
            Tensor w = rng.normal(outputs, channels, 3, 3);
            List<Tensor> narrow = convolution(x, w, options);
            List<Tensor> wide = convolution(x.to(DType.FLOAT64), w.to(DType.FLOAT64), options);
            for (int i = 0; i < wide.size(); i++) {
                double difference = narrow.get(i).sub(wide.get(i)).abs().max().item();
                double largest = wide.get(i).abs().max().item();
                assertThat(difference)
                        .as("seed %d, result %d, x %s, w %s", seed, i, x.shape(), w.shape())
                        .isLessThanOrEqualTo(4e-6 * (1 + largest));
            }
        }
    }

    /// The result and the gradients of the sum of its products with something.
    private static List<Tensor> convolution(Tensor x, Tensor w, ConvOptions options) {
        Tensor image = x.variable();
        Tensor weight = w.variable();
        Tensor y = image.conv(weight, options);
        Tensor other = Rng.seed(1).normal(y.shape().toArray()).to(x.dtype());
        Gradients gradients = y.mul(other).sum().backward();
        return List.of(y.detach(), gradients.of(image), gradients.of(weight));
    }
}
