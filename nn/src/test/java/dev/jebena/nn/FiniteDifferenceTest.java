package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Gradients of whole networks equal differences of their values, in float64.
class FiniteDifferenceTest {
    private static final double STEP = 1e-5;
    private final Rng rng = Rng.seed(31);

    private Tensor x(int... shape) {
        return rng.normal(Shape.of(shape), DType.FLOAT64);
    }

    private static void check(Block block, Supplier<Tensor> value) {
        Gradients gradients = value.get().backward();
        block.namedParameters()
                .forEach((name, parameter) -> {
                    double[] slope = gradients.of(parameter.value()).toDoubles();
                    Tensor before = parameter.value().detach();
                    // Some elements of each are enough.
                    for (int i = 0; i < slope.length; i += 1 + slope.length / 5) {
                        double up = moved(parameter, before, i, STEP, value);
                        double down = moved(parameter, before, i, -STEP, value);
                        assertThat(slope[i])
                                .as("%s, element %d", name, i)
                                .isCloseTo(
                                        (up - down) / (2 * STEP),
                                        Offset.offset(1e-6 * (1 + Math.abs(slope[i]))));
                    }
                    parameter.set(before);
                });
    }

    private static double moved(
            Parameter parameter, Tensor before, int element, double by, Supplier<Tensor> value) {
        double[] numbers = before.toDoubles();
        numbers[element] += by;
        parameter.set(Tensor.of(numbers, before.shape().toArray()));
        return value.get().item();
    }

    @Test
    void ofATransformer() {
        TransformerOptions form =
                TransformerOptions.of(8, 2).feedForward(12).dropout(0).activation(Activation.GELU);
        for (boolean first : new boolean[] {false, true}) {
            Transformer model = Transformer.of(form.normFirst(first), 1, 1, rng);
            model.to(DType.FLOAT64);
            Tensor source = x(2, 4, 8);
            Tensor target = x(2, 3, 8);
            Tensor padding =
                    Tensor.of(
                            new boolean[] {false, false, false, true, false, false, true, true},
                            2,
                            4);
            Sight seen = new Sight(padding, null, false);
            check(
                    model,
                    () -> model.apply(source, target, seen, Sight.past(), seen).square().sum());
        }
    }

    @Test
    void ofRecurrentNetworksWithLengths() {
        RecurrentOptions form = RecurrentOptions.of(3, 4).layers(2).bidirectional(true);
        Tensor input = x(2, 4, 3);
        Tensor lengths = Tensor.of(new long[] {2, 4}, 2);
        for (Recurrent network :
                new Recurrent[] {
                    Recurrent.lstm(form.projection(2), rng),
                    Recurrent.gru(form, rng),
                    Recurrent.rnn(form, rng)
                }) {
            network.to(DType.FLOAT64);
            check(
                    network,
                    () -> {
                        Recurrent.Output out = network.run(input, null, null, lengths);
                        return out.output().square().sum().add(out.hidden().sin().sum());
                    });
        }
    }

    @Test
    void ofAConvolutionalNetwork() {
        Sequential model =
                Sequential.of(
                        Conv.of(2, 4, Shape.of(3, 3), rng),
                        BatchNorm.of(4),
                        Activation.SILU,
                        Residual.of(GroupNorm.of(2, 4), Conv.of(4, 4, Shape.of(1, 1), rng)),
                        Pool.avg(2, 2),
                        Flatten.of(),
                        Linear.of(16, 3, rng));
        model.to(DType.FLOAT64);
        Tensor images = x(3, 2, 6, 6);
        Tensor classes = Tensor.of(new long[] {0, 2, 1}, 3);
        CrossEntropy loss = CrossEntropy.defaults().smoothing(0.1);
        check(model, () -> loss.apply(model.apply(images), classes));
    }
}
