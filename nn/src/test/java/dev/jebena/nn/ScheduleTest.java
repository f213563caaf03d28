package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static void near(List<Double> actual, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.get(i)).as("step %d", i).isCloseTo(expected[i], Offset.offset(1e-12));
        }
    }

    @Test
    void stepsFallAtTheirMilestones() {
        near(Schedule.step(2, 0.1).first(5), 1, 1, 0.1, 0.1, 0.01);
        near(Schedule.multiStep(0.5, 1, 3).first(5), 1, 0.5, 0.5, 0.25, 0.25);
        near(Schedule.exponential(0.5).first(3), 1, 0.5, 0.25);
    }

    @Test
    void linesAndWavesEndAtTheirEnds() {
        near(Schedule.linear(0.5, 1, 2).first(4), 0.5, 0.75, 1, 1);
        near(Schedule.polynomial(4, 2).first(6), 1, 0.5625, 0.25, 0.0625, 0, 0);
        near(
                Schedule.cosine(4, 0.2).first(6),
                1,
                0.8828427124746191,
                0.6,
                0.317157287525381,
                0.2,
                0.2);
        near(
                Schedule.cosineRestarts(2, 2, 0).first(7),
                1,
                0.5,
                1,
                0.8535533905932737,
                0.5,
                0.14644660940672627,
                1);
        near(Schedule.triangular(2, 2, 0.5).first(6), 0.5, 0.75, 1, 0.75, 0.5, 0.75);
    }

    /// `torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10)`: up to step 2, down to 9.
    @Test
    void oneCycleRisesAndFalls() {
        Schedule cycle = Schedule.oneCycle(10, 0.3, 25, 1e4);
        List<Double> all = cycle.first(10);
        near(all, 0.04, 0.52, 1);
        assertThat(all.get(9)).isCloseTo(1 / 25.0 / 1e4, Offset.offset(1e-15));
        assertThat(all.subList(2, 10)).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void warmUpComesFirstAndChainsMultiply() {
        near(Schedule.step(1, 0.5).warmUp(3).first(6), 0.25, 0.5, 0.75, 1, 0.5, 0.25);
        near(Schedule.step(1, 0.5).times(Schedule.exponential(0.5)).first(3), 1, 0.25, 0.0625);
        near(Schedule.constant().then(2, Schedule.exponential(0.5)).first(4), 1, 1, 1, 0.5);
    }

    @Test
    void plateauLowersTheRateWhenNothingGetsBetter() {
        Slot slot = new Slot(Tensor.zeros(1));
        Sgd optimizer = Sgd.of(slot.parameters(), 1);
        Plateau plateau = Plateau.of(optimizer, Plateau.Options.defaults().patience(1));
        double[] rates = new double[6];
        double[] losses = {1, 0.5, 0.5, 0.5, 0.5, 0.5};
        for (int i = 0; i < losses.length; i++) {
            plateau.observe(losses[i]);
            rates[i] = optimizer.learningRate();
        }
        assertThat(rates).containsExactly(1, 1, 1, 0.1, 0.1, 0.1 * 0.1);
        Plateau again = Plateau.of(optimizer, Plateau.Options.defaults().patience(1));
        again.loadStateDict(plateau.stateDict());
        assertThat(Objects.requireNonNull(again.stateDict().get("best")).item()).isEqualTo(0.5);
    }
}
