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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Twenty steps equal libtorch's fused optimizers, or formulas in plain doubles.
class OptimizerTest {
    private static final int STEPS = 20;
    private static final int SIZE = 12;

    /// A step in plain doubles.
    private interface Formula {
        void step(int step, double[] w, double[] g);
    }

    private static Tensor start() {
        return Rng.seed(3).normal(Shape.of(3, 4), DType.FLOAT64);
    }

    /// Gradients that depend on the value, so that errors add up.
    private static Tensor gradient(Tensor w) {
        return w.square().mul(w).sub(w.mul(0.5)).add(0.1);
    }

    private static Tensor loss(Tensor w) {
        return w.square().square().mul(0.25).sub(w.square().mul(0.25)).add(w.mul(0.1)).sum();
    }

    private static Slot slot() {
        Slot slot = new Slot(Tensor.zeros(3, 4));
        slot.to(DType.FLOAT64);
        slot.weight.set(start());
        return slot;
    }

    private static void check(Optimizer optimizer, Slot slot, Formula formula) {
        double[] w = start().toDoubles();
        for (int step = 1; step <= STEPS; step++) {
            optimizer.step(loss(slot.weight.value()).backward());
            double[] g = gradient(Tensor.of(w, SIZE)).toDoubles();
            formula.step(step, w, g);
            double[] ours = slot.weight.value().toDoubles();
            for (int i = 0; i < SIZE; i++) {
                assertThat(ours[i])
                        .as("step %d, element %d", step, i)
                        .isCloseTo(w[i], org.assertj.core.data.Offset.offset(1e-11));
            }
        }
    }

    private static void checkTorch(
            Optimizer optimizer, Slot slot, String torch, int memories, boolean first) {
        assumeTrue(Torch.isAvailable(), "libtorch does not run here");
        Tensor w = start();
        List<Tensor> memory = new ArrayList<>();
        for (int i = 0; i < memories; i++) {
            memory.add(w.zerosLike());
        }
        for (int step = 1; step <= STEPS; step++) {
            optimizer.step(loss(slot.weight.value()).backward());
            List<Tensor> given = new ArrayList<>(List.of(w, gradient(w)));
            given.addAll(memory);
            given.add(Tensor.scalar(step));
            StringBuilder script = new StringBuilder();
            // Lists that are read afterwards: TorchScript leaves out what it takes for unused.
            StringBuilder results = new StringBuilder("w[0]");
            script.append("w = [torch.clone(x[0])]\n");
            for (int i = 0; i < memories; i++) {
                script.append("m%d = [torch.clone(x[%d])]\n".formatted(i, 2 + i));
                results.append(", m").append(i).append("[0]");
            }
            script.append("t = torch.clone(x[%d])\n".formatted(2 + memories));
            script.append("_0 = ")
                    .append(torch.replace("FIRST", first && step == 1 ? "True" : "False"))
                    .append('\n');
            script.append("return [").append(results).append("]\n");
            List<Tensor> out = Torch.run(script.toString(), given.toArray(Tensor[]::new));
            w = out.get(0);
            memory = new ArrayList<>(out.subList(1, out.size()));
            TorchCase.near("step " + step, slot.weight.value(), w, 1e-11);
        }
    }

    @Test
    void sgdEqualsLibtorch() {
        Slot slot = slot();
        Sgd.Options options = Sgd.Options.defaults().momentum(0.9).weightDecay(0.01).nesterov(true);
        checkTorch(
                Sgd.of(slot.parameters(), 0.05, options),
                slot,
                "torch._fused_sgd_(w, [x[1]], m0, weight_decay=0.01, momentum=0.9, lr=0.05,"
                        + " dampening=0., nesterov=True, maximize=False, is_first_step=FIRST)",
                1,
                true);
        Slot other = slot();
        checkTorch(
                Sgd.of(
                        other.parameters(),
                        0.05,
                        Sgd.Options.defaults().momentum(0.9).dampening(0.2)),
                other,
                "torch._fused_sgd_(w, [x[1]], m0, weight_decay=0., momentum=0.9, lr=0.05,"
                        + " dampening=0.2, nesterov=False, maximize=False, is_first_step=FIRST)",
                1,
                true);
    }

    @Test
    void adamEqualsLibtorch() {
        Slot slot = slot();
        checkTorch(
                Adam.of(
                        slot.parameters(),
                        0.05,
                        Adam.Options.defaults().weightDecay(0.02).amsgrad(true)),
                slot,
                "torch._fused_adam_(w, [x[1]], m0, m1, m2, [t], lr=0.05, beta1=0.9,"
                        + " beta2=0.999, weight_decay=0.02, eps=1e-08, amsgrad=True, maximize=False)",
                3,
                false);
    }

    @Test
    void adamWEqualsLibtorch() {
        Slot slot = slot();
        checkTorch(
                AdamW.of(slot.parameters(), 0.05),
                slot,
                "torch._fused_adamw_(w, [x[1]], m0, m1, [], [t], lr=0.05, beta1=0.9,"
                        + " beta2=0.999, weight_decay=0.01, eps=1e-08, amsgrad=False, maximize=False)",
                2,
                false);
    }

    @Test
    void adagradEqualsLibtorch() {
        Slot slot = slot();
        checkTorch(
                Adagrad.of(slot.parameters(), 0.05, new Adagrad.Options(0.1, 0.02, 0, 1e-10)),
                slot,
                "torch._fused_adagrad_(w, [x[1]], m0, [t], lr=0.05, lr_decay=0.1,"
                        + " weight_decay=0.02, eps=1e-10, maximize=False)",
                1,
                false);
    }

    @Test
    void lionEqualsItsFormula() {
        Slot slot = slot();
        double[] m = new double[SIZE];
        check(
                Lion.ofGroups(List.of(ParameterGroup.of(slot.parameters())), 0.01, 0.9, 0.99, 0.1),
                slot,
                (step, w, g) -> {
                    for (int i = 0; i < SIZE; i++) {
                        double c = Math.signum(0.9 * m[i] + (1 - 0.9) * g[i]);
                        w[i] = w[i] * (1 - 0.01 * 0.1) - 0.01 * c;
                        m[i] = 0.99 * m[i] + (1 - 0.99) * g[i];
                    }
                });
    }

    @Test
    void rmsPropEqualsItsFormula() {
        Slot slot = slot();
        double[] square = new double[SIZE];
        double[] mean = new double[SIZE];
        double[] buffer = new double[SIZE];
        RmsProp.Options options =
                RmsProp.Options.defaults()
                        .alpha(0.9)
                        .momentum(0.8)
                        .centered(true)
                        .weightDecay(0.01);
        check(
                RmsProp.of(slot.parameters(), 0.01, options),
                slot,
                (step, w, g) -> {
                    for (int i = 0; i < SIZE; i++) {
                        double d = g[i] + 0.01 * w[i];
                        square[i] = 0.9 * square[i] + (1 - 0.9) * d * d;
                        mean[i] = 0.9 * mean[i] + (1 - 0.9) * d;
                        double below = Math.sqrt(square[i] - mean[i] * mean[i]) + 1e-8;
                        buffer[i] = 0.8 * buffer[i] + d / below;
                        w[i] -= 0.01 * buffer[i];
                    }
                });
    }

    @Test
    void adafactorEqualsItsFormula() {
        Slot slot = slot();
        double[] row = new double[3];
        double[] column = new double[4];
        check(
                Adafactor.of(
                        slot.parameters(), 0.05, Adafactor.Options.defaults().weightDecay(0.1)),
                slot,
                (step, w, g) -> adafactor(step, w, g, row, column));
    }

    private static void adafactor(int step, double[] w, double[] g, double[] row, double[] column) {
        double fresh = Math.pow(step, -0.8);
        double rho = Math.min(0.05, 1 / Math.sqrt(step));
        double alpha = Math.max(1e-3, rms(w)) * rho;
        for (int i = 0; i < 3; i++) {
            double mean = 0;
            for (int j = 0; j < 4; j++) {
                mean += g[4 * i + j] * g[4 * i + j] / 4;
            }
            row[i] += fresh * (mean - row[i]);
        }
        for (int j = 0; j < 4; j++) {
            double mean = 0;
            for (int i = 0; i < 3; i++) {
                mean += g[4 * i + j] * g[4 * i + j] / 3;
            }
            column[j] += fresh * (mean - column[j]);
        }
        double rows = Arrays.stream(row).average().orElseThrow();
        double[] u = new double[SIZE];
        for (int k = 0; k < SIZE; k++) {
            u[k] = g[k] / Math.sqrt(row[k / 4] * column[k % 4] / rows);
        }
        double size = alpha / Math.max(1, rms(u));
        for (int k = 0; k < SIZE; k++) {
            w[k] = w[k] * (1 - 0.05 * 0.1) - size * u[k];
        }
    }

    private static double rms(double[] x) {
        return Math.sqrt(Arrays.stream(x).map(v -> v * v).average().orElseThrow());
    }

    @Test
    void lbfgsFindsTheMinimumOfRosenbrocksFunction() {
        Slot slot = new Slot(Tensor.zeros(2));
        slot.to(DType.FLOAT64);
        slot.weight.set(Tensor.of(new double[] {-1.2, 1}, 2));
        Lbfgs optimizer =
                Lbfgs.of(
                        slot.parameters(),
                        Lbfgs.Options.defaults().iterations(100).strongWolfe(true));
        optimizer.step(() -> {
            Tensor x = slot.weight.value().select(0, 0);
            Tensor y = slot.weight.value().select(0, 1);
            return x.square().sub(y).square().mul(100).add(x.sub(1).square());
        });
        double[] found = slot.weight.value().toDoubles();
        // It ends where the loss, the square of the distance, changes by less than 1e-9.
        assertThat(found[0]).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-4));
        assertThat(found[1]).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-4));
    }

    /// The matrix that the two loops of the algorithm stand for, in plain doubles.
    @Test
    void lbfgsEqualsTheInverseCurvatureAsAMatrix() {
        Slot slot = slot();
        Lbfgs optimizer =
                Lbfgs.of(slot.parameters(), Lbfgs.Options.defaults().iterations(4).rate(0.1));
        double[] w = start().toDoubles();
        List<double[]> moves = new ArrayList<>();
        List<double[]> changes = new ArrayList<>();
        double[] before = new double[0];
        for (int step = 0; step < STEPS; step += 4) {
            optimizer.step(() -> loss(slot.weight.value()));
            for (int iteration = 0; iteration < 4; iteration++) {
                double[] g = gradient(Tensor.of(w, SIZE)).toDoubles();
                if (before.length > 0) {
                    double[] old = before;
                    double[] change = new double[SIZE];
                    Arrays.setAll(change, i -> g[i] - old[i]);
                    if (dot(change, moves.getLast()) > 1e-10) {
                        changes.add(change);
                    } else {
                        moves.removeLast();
                    }
                }
                double size = Arrays.stream(g).map(Math::abs).sum();
                double rate = before.length == 0 ? Math.min(1, 1 / size) * 0.1 : 0.1;
                double[] d = times(inverse(moves, changes), g);
                double[] move = new double[SIZE];
                for (int i = 0; i < SIZE; i++) {
                    move[i] = -rate * d[i];
                    w[i] += move[i];
                }
                moves.add(move);
                before = g;
            }
            TorchCase.near("step " + step, slot.weight.value().flatten(), Tensor.of(w), 1e-9);
        }
        assertThat(changes).hasSizeGreaterThan(STEPS / 2);
    }

    /// `H = (I - s y' / (s'y)) H (I - y s' / (s'y)) + s s' / (s'y)`, from the oldest pair on.
    private static double[][] inverse(List<double[]> moves, List<double[]> changes) {
        double[][] h = new double[SIZE][SIZE];
        double scale = 1;
        if (!changes.isEmpty()) {
            double[] y = changes.getLast();
            scale = dot(y, moves.getLast()) / dot(y, y);
        }
        for (int i = 0; i < SIZE; i++) {
            h[i][i] = scale;
        }
        for (int k = 0; k < changes.size(); k++) {
            double[] s = moves.get(k);
            double[] y = changes.get(k);
            double rho = 1 / dot(s, y);
            double[] hy = times(h, y);
            double yhy = dot(y, hy);
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    h[i][j] +=
                            rho * (-s[i] * hy[j] - hy[i] * s[j])
                                    + (rho * rho * yhy + rho) * s[i] * s[j];
                }
            }
        }
        return h;
    }

    private static double[] times(double[][] h, double[] v) {
        return Arrays.stream(h).mapToDouble(row -> dot(row, v)).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void lbfgsGoesOnFromItsState() {
        Slot whole = slot();
        Slot half = slot();
        Lbfgs.Options options = Lbfgs.Options.defaults().iterations(4).rate(0.1);
        Lbfgs one = Lbfgs.of(whole.parameters(), options);
        Lbfgs two = Lbfgs.of(half.parameters(), options);
        for (int i = 0; i < 3; i++) {
            one.step(() -> loss(whole.weight.value()));
            two.step(() -> loss(half.weight.value()));
        }
        Lbfgs again = Lbfgs.of(half.parameters(), options);
        again.loadStateDict(two.stateDict());
        for (int i = 0; i < 3; i++) {
            one.step(() -> loss(whole.weight.value()));
            again.step(() -> loss(half.weight.value()));
        }
        assertThat(half.weight.value().toDoubles()).isEqualTo(whole.weight.value().toDoubles());
    }

    @Test
    void groupsHaveTheirOwnRatesAndDecay() {
        Slot a = slot();
        Slot b = slot();
        Sgd optimizer =
                Sgd.ofGroups(
                        List.of(
                                ParameterGroup.of(a.parameters()),
                                ParameterGroup.of(b.parameters()).learningRate(0.2)),
                        0.1,
                        Sgd.Options.defaults());
        optimizer.step(loss(a.weight.value()).add(loss(b.weight.value())).backward());
        TorchCase.near("a", a.weight.value(), start().sub(gradient(start()).mul(0.1)), 1e-12);
        TorchCase.near("b", b.weight.value(), start().sub(gradient(start()).mul(0.2)), 1e-12);
        optimizer.follow(Schedule.step(1, 0.5), 1);
        assertThat(optimizer.learningRates()).containsExactly(0.05, 0.1);
    }

    @Test
    void parametersWithoutGradientAndFrozenOnesStay() {
        Slot a = slot();
        Slot b = slot();
        b.trainable(false);
        List<Parameter> both = List.of(a.weight, b.weight);
        AdamW optimizer = AdamW.of(both, 0.1);
        optimizer.step(loss(a.weight.value()).add(loss(b.weight.value())).backward());
        assertThat(b.weight.value().toDoubles()).isEqualTo(start().toDoubles());
        assertThat(a.weight.value().toDoubles()).isNotEqualTo(start().toDoubles());
    }

    @Test
    void stateOfAnotherModelIsAnErrorThatListsAll() {
        Slot slot = slot();
        AdamW optimizer = AdamW.of(slot.parameters(), 0.1);
        Map<String, Tensor> wrong =
                Map.of(
                        "0.step", Tensor.scalar(1L, DType.INT64),
                        "1.step", Tensor.scalar(1L, DType.INT64),
                        "0.exp_avg", Tensor.zeros(4, 3));
        assertThatThrownBy(() -> optimizer.loadStateDict(wrong))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("group.0.lr")
                .hasMessageContaining("1.step")
                .hasMessageContaining("[4, 3]");
    }

    @Test
    void clippingKeepsTheDirectionAndTheLargestNorm() {
        Slot slot = slot();
        ParameterGradients all =
                ParameterGradients.of(slot.parameters(), loss(slot.weight.value()).backward());
        double norm = gradient(start()).square().sum().sqrt().item();
        assertThat(all.norm(2)).isCloseTo(norm, org.assertj.core.data.Offset.offset(1e-12));
        assertThat(all.clipNorm(0.5).norm(2))
                .isCloseTo(0.5, org.assertj.core.data.Offset.offset(1e-5));
        assertThat(all.clipNorm(2 * norm).norm(2)).isEqualTo(all.norm(2));
        assertThat(all.clipValue(0.1).norm(Double.POSITIVE_INFINITY)).isEqualTo(0.1);
        assertThat(all.isFinite()).isTrue();
        assertThat(all.times(Double.POSITIVE_INFINITY).isFinite()).isFalse();
    }
}
