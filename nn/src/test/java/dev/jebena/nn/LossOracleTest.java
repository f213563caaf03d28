package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Losses equal libtorch's in all reductions.
class LossOracleTest {
    private final Rng rng = Rng.seed(5);

    private Tensor x(int... shape) {
        return rng.normal(Shape.of(shape), DType.FLOAT64);
    }

    private Stream<DynamicTest> tests(List<TorchCase> cases) {
        assumeTrue(Torch.isAvailable(), "libtorch does not run here");
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), c::check));
    }

    /// The script with the reduction's number in libtorch, 0 to 2, for `R`.
    private static String script(String torch, Reduction reduction) {
        return torch.replace("R", Integer.toString(number(reduction)));
    }

    private static int number(Reduction reduction) {
        return switch (reduction) {
            case NONE -> 0;
            case MEAN -> 1;
            case SUM -> 2;
        };
    }

    @TestFactory
    Stream<DynamicTest> ofNumbers() {
        List<TorchCase> all = new ArrayList<>();
        Tensor y = x(4, 3);
        Tensor share = rng.uniform(Shape.of(4, 3), DType.FLOAT64);
        Tensor weight = rng.uniform(Shape.of(3), DType.FLOAT64);
        Tensor sign = x(4, 3).sign();
        for (Reduction r : Reduction.values()) {
            add(all, r, "torch.mse_loss(a0, f0, R)", Loss.mse(r), x(4, 3), y);
            add(all, r, "torch.l1_loss(a0, f0, R)", Loss.l1(r), x(4, 3), y);
            add(all, r, "torch.huber_loss(a0, f0, R, 0.7)", Loss.huber(0.7, r), x(4, 3), y);
            add(all, r, "torch.smooth_l1_loss(a0, f0, R, 0.7)", Loss.smoothL1(0.7, r), x(4, 3), y);
            add(
                    all,
                    r,
                    "torch.binary_cross_entropy(a0, f0, f1, R)",
                    Loss.bce(weight, r),
                    rng.uniform(Shape.of(4, 3), DType.FLOAT64).mul(0.9).add(0.05),
                    share,
                    weight);
            add(
                    all,
                    r,
                    "torch.binary_cross_entropy_with_logits(a0, f0, None, f1, R)",
                    Loss.bceWithLogits(null, weight, r),
                    x(4, 3),
                    share,
                    weight);
            add(all, r, "torch.kl_div(a0, f0, R)", Loss.klDiv(false, r), x(4, 3), share);
            add(
                    all,
                    r,
                    "torch.kl_div(a0, f0, R, log_target=True)",
                    Loss.klDiv(true, r),
                    x(4, 3),
                    y);
            add(
                    all,
                    r,
                    "torch.poisson_nll_loss(a0, f0, True, True, 1e-08, R)",
                    Loss.poissonNll(true, true, r),
                    x(4, 3),
                    share.mul(5));
            add(
                    all,
                    r,
                    "torch.hinge_embedding_loss(a0, f0, 0.8, R)",
                    Loss.hingeEmbedding(0.8, r),
                    x(4, 3),
                    sign);
            add(all, r, "torch.soft_margin_loss(a0, f0, R)", Loss.softMargin(r), x(4, 3), sign);
            Tensor classes = Tensor.of(new long[] {2, 0, 1, 1}, 4);
            add(
                    all,
                    r,
                    "torch.multi_margin_loss(a0, f0, 2, 0.8, f1, R)",
                    Loss.multiMargin(2, 0.8, weight, r),
                    x(4, 3),
                    classes,
                    weight);
        }
        // libtorch has no second derivative of these two.
        return tests(
                all.stream()
                        .map(c -> c.name().contains("multi_margin") ? c.derivatives(1) : c)
                        .toList());
    }

    private static void add(
            List<TorchCase> all, Reduction r, String torch, Loss loss, Tensor x, Tensor... fixed) {
        String script = script(torch, r);
        all.add(TorchCase.of(script, script, in -> loss.apply(in[0], fixed[0]), x).with(fixed));
    }

    @TestFactory
    Stream<DynamicTest> crossEntropy() {
        List<TorchCase> all = new ArrayList<>();
        Tensor weight = rng.uniform(Shape.of(5), DType.FLOAT64);
        Tensor classes = Tensor.of(new long[] {2, 0, -100, 4, 1, 1, 3, -100}, 4, 2);
        Tensor shares = x(4, 5, 2).softmax(1);
        for (Reduction r : Reduction.values()) {
            for (double smoothing : new double[] {0, 0.1}) {
                for (boolean weighted : new boolean[] {false, true}) {
                    CrossEntropy loss = CrossEntropy.defaults().smoothing(smoothing).reduction(r);
                    CrossEntropy used = weighted ? loss.weight(weight) : loss;
                    for (Tensor target : List.of(classes, shares)) {
                        String script =
                                String.format(
                                        Locale.ROOT,
                                        "torch.cross_entropy_loss(a0, f0, %s, %d, -100, %s)",
                                        weighted ? "f1" : "None",
                                        number(r),
                                        smoothing);
                        String name = script + target.dtype();
                        all.add(
                                TorchCase.of(
                                                name,
                                                script,
                                                in -> used.apply(in[0], target),
                                                x(4, 5, 2))
                                        .with(target, weight));
                    }
                }
            }
        }
        return tests(all);
    }

    @TestFactory
    Stream<DynamicTest> ofPairs() {
        List<TorchCase> all = new ArrayList<>();
        Tensor sign = Tensor.of(new double[] {1, -1, 1, -1}, 4);
        for (Reduction r : Reduction.values()) {
            all.add(
                    TorchCase.of(
                                    "marginRanking " + r,
                                    script("torch.margin_ranking_loss(a0, a1, f0, 0.3, R)", r),
                                    in -> PairLoss.marginRanking(in[0], in[1], sign, 0.3, r),
                                    x(4),
                                    x(4))
                            .with(sign));
            all.add(
                    TorchCase.of(
                                    "cosineEmbedding " + r,
                                    script("torch.cosine_embedding_loss(a0, a1, f0, 0.1, R)", r),
                                    in -> PairLoss.cosineEmbedding(in[0], in[1], sign, 0.1, r),
                                    x(4, 3),
                                    x(4, 3))
                            .with(sign));
            all.add(
                    TorchCase.of(
                            "tripletMargin " + r,
                            script(
                                    "torch.triplet_margin_loss(a0, a1, a2, 1.5, 2., 1e-06, True, R)",
                                    r),
                            in -> PairLoss.tripletMargin(in[0], in[1], in[2], 1.5, 2, true, r),
                            x(4, 3),
                            x(4, 3),
                            x(4, 3)));
        }
        return tests(all);
    }

    /// libtorch has no operators for these; they are its formulas.
    @TestFactory
    Stream<DynamicTest> composed() {
        Tensor y = x(4, 3);
        Tensor share = rng.uniform(Shape.of(4, 3), DType.FLOAT64);
        return tests(
                List.of(
                        TorchCase.of(
                                        "gaussianNll",
                                        "torch.mean(torch.mul(torch.add(torch.log(a1),"
                                                + " torch.div(torch.mul(torch.sub(a0, f0), torch.sub(a0,"
                                                + " f0)), a1)), 0.5))",
                                        in ->
                                                PairLoss.gaussianNll(
                                                        in[0],
                                                        y,
                                                        in[1],
                                                        false,
                                                        1e-6,
                                                        Reduction.MEAN),
                                        x(4, 3),
                                        share.add(0.1))
                                .with(y),
                        TorchCase.of(
                                        "multiLabelSoftMargin",
                                        "torch.sum(torch.mean(torch.binary_cross_entropy_with_logits(a0,"
                                                + " f0, None, None, 0), [-1]))",
                                        in ->
                                                Loss.multiLabelSoftMargin(null, Reduction.SUM)
                                                        .apply(in[0], share),
                                        x(4, 3))
                                .with(share)));
    }

    @TestFactory
    Stream<DynamicTest> ctc() {
        List<TorchCase> all = new ArrayList<>();
        Tensor targets = Tensor.of(new long[] {1, 1, 2, 3, 2, 0, 4, 0, 0}, 3, 3);
        long[] times = {8, 7, 4};
        long[] lengths = {3, 2, 1};
        for (Reduction r : Reduction.values()) {
            CtcLoss loss = new CtcLoss(0, r, false);
            all.add(
                    TorchCase.of(
                                    "ctc " + r,
                                    script(
                                            "torch.ctc_loss(torch.log_softmax(a0, 2), f0, [8, 7, 4],"
                                                    + " [3, 2, 1], 0, R, False)",
                                            r),
                                    in -> loss.apply(in[0].logSoftmax(2), targets, times, lengths),
                                    x(8, 3, 5))
                            .with(targets)
                            .derivatives(1));
        }
        return tests(all);
    }

    @Test
    void textsThatDoNotFitIntoTheirTimeAreInfiniteOrZero() {
        Tensor logs = Tensor.zeros(2, 1, 3).logSoftmax(2);
        Tensor text = Tensor.of(new long[] {1, 1}, 1, 2);
        long[] two = {2};
        assertThat(new CtcLoss(0, Reduction.SUM, false).apply(logs, text, two, two).item())
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(new CtcLoss(0, Reduction.SUM, true).apply(logs, text, two, two).item()).isZero();
    }

    @Test
    void shapesThatDoNotFitAreAnError() {
        assertThatThrownBy(() -> Loss.mse(Reduction.MEAN).apply(x(4, 1), x(4)))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("[4, 1]")
                .hasMessageContaining("[4]");
    }
}
