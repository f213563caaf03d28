package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// What layers do beside their formulas: modes, state, lengths, masks, errors.
class LayerTest {
    private final Rng rng = Rng.seed(4);

    @Test
    void dropoutDropsWhileTrainingOnly() {
        Dropout dropout = Dropout.of(0.25, rng);
        Tensor x = Tensor.ones(100, 100);
        Tensor y = dropout.apply(x);
        assertThat(y.eq(0).to(DType.FLOAT32).mean().item()).isCloseTo(0.25, Offset.offset(0.02));
        assertThat(y.max().item()).isCloseTo(1 / 0.75, Offset.offset(1e-6));
        dropout.training(false);
        assertThat(dropout.apply(x)).isSameAs(x);
        Tensor whole = Dropout.ofChannels(0.5, rng).apply(Tensor.ones(4, 8, 3, 3));
        assertThat(whole.flatten(2, 3).std(-1).max().item()).isZero();
    }

    @Test
    void batchNormFollowsTheStatistics() {
        BatchNorm norm = BatchNorm.of(2);
        Tensor x = rng.normal(8, 2, 3).mul(2).add(5);
        norm.apply(x);
        Tensor mean = norm.buffer("running_mean").value();
        Tensor variance = norm.buffer("running_var").value();
        assertThat(mean.allClose(x.mean(0, 2).mul(0.1), 1e-5, 1e-6)).isTrue();
        assertThat(variance.allClose(x.var(0, 2).mul(0.1).add(0.9), 1e-5, 1e-6)).isTrue();
        assertThatThrownBy(() -> norm.apply(Tensor.ones(1, 2)))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("[1, 2]");
    }

    @Test
    void sequencesOfDifferentLengthsAreReadAsIfAlone() {
        RecurrentOptions form = RecurrentOptions.of(3, 4).layers(2).bidirectional(true);
        Recurrent lstm = Recurrent.lstm(form, rng);
        Tensor x = rng.normal(2, 5, 3);
        Recurrent.Output both = lstm.run(x, null, null, Tensor.of(new long[] {5, 3}, 2));
        Tensor second = x.narrow(0, 1, 1).narrow(1, 0, 3);
        Recurrent.Output alone = lstm.run(second, null, null, null);
        Tensor read = both.output().narrow(0, 1, 1).narrow(1, 0, 3);
        assertThat(read.allClose(alone.output(), 1e-5, 1e-6)).isTrue();
        assertThat(both.output().narrow(0, 1, 1).narrow(1, 3, 2).abs().max().item()).isZero();
        assertThat(both.hidden().narrow(1, 1, 1).allClose(alone.hidden(), 1e-5, 1e-6)).isTrue();
        assertThatThrownBy(() -> lstm.run(x, null, null, Tensor.of(new long[] {6, 1}, 2)))
                .hasMessageContaining("length 6; 1 to 5");
    }

    @Test
    void attentionSeesWhatItMay() {
        MultiheadAttention attention = MultiheadAttention.of(8, 2, rng);
        Tensor x = rng.normal(2, 5, 8);
        Tensor past = attention.apply(x, x, x, Sight.past());
        Tensor begin = x.narrow(1, 0, 3);
        Tensor same = attention.apply(begin, begin, begin, Sight.past());
        assertThat(past.narrow(1, 0, 3).allClose(same, 1e-4, 1e-5)).isTrue();
        Tensor later = Tensor.arange(5).gt(Tensor.arange(5).unsqueeze(1));
        Tensor masked = attention.apply(x, x, x, new Sight(null, later, false));
        assertThat(past.allClose(masked, 1e-4, 1e-5)).isTrue();
        Tensor added = Tensor.zeros(5, 5).maskedFill(later, Double.NEGATIVE_INFINITY);
        Tensor summed = attention.apply(x, x, x, new Sight(null, added, false));
        assertThat(past.allClose(summed, 1e-4, 1e-5)).isTrue();
        Tensor weights = attention.weights(x, x, Sight.all());
        assertThat(weights.sum(-1).allClose(Tensor.ones(2, 5), 1e-5, 1e-5)).isTrue();
    }

    @Test
    void keysAndValuesMayHaveTheirOwnWidths() {
        MultiheadAttention attention = MultiheadAttention.between(8, 2, 5, 3, rng);
        Tensor y =
                attention.apply(
                        rng.normal(2, 4, 8), rng.normal(2, 6, 5), rng.normal(2, 6, 3), Sight.all());
        assertThat(y.shape()).isEqualTo(Shape.of(2, 4, 8));
        assertThat(attention.stateDict())
                .containsKeys("q_proj_weight", "k_proj_weight", "v_proj_weight");
    }

    @Test
    void residualsNeedEqualShapes() {
        Residual residual = Residual.of(Linear.of(3, 3, rng), Activation.RELU);
        Tensor x = rng.normal(2, 3);
        assertThat(residual.apply(x).shape()).isEqualTo(x.shape());
        assertThat(residual.stateDict()).containsKey("inner.0.weight");
        assertThatThrownBy(() -> Residual.of(Linear.of(3, 4, rng)).apply(x))
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("[2, 4]");
    }

    @Test
    void membersHaveDifferentNamesWithoutDots() {
        assertThatThrownBy(() ->
                        new Block() {
                            {
                                parameter("a.b", Tensor.zeros(1));
                            }
                        })
                .hasMessageContaining("a.b");
        assertThatThrownBy(() ->
                        new Block() {
                            {
                                parameter("a", Tensor.zeros(1));
                                buffer("a", Tensor.zeros(1));
                            }
                        })
                .hasMessageContaining("a already");
    }

    @Test
    void mixedPrecisionIsForTheCallOnly() {
        Linear linear = Linear.of(4, 3, rng);
        Tensor x = rng.normal(2, 4);
        Tensor narrow = Autocast.BFLOAT16.run(() -> linear.apply(x));
        assertThat(narrow.dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(linear.apply(x).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(narrow.to(DType.FLOAT32).allClose(linear.apply(x), 0.05, 0.02)).isTrue();
        assertThat(Autocast.BFLOAT16.run(() -> LayerNorm.of(3).apply(linear.apply(x))).dtype())
                .isEqualTo(DType.FLOAT32);
        Tensor loss = narrow.to(DType.FLOAT32).sum();
        assertThat(loss.backward().of(linear.weight().value()).dtype()).isEqualTo(DType.FLOAT32);
    }
}
