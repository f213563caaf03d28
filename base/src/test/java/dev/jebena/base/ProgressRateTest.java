package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressRateTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void rateAndRemainingTimeFollowTheLastSeconds() {
        ProgressRate rate = new ProgressRate();
        assertThat(rate.perSecond()).isZero();
        assertThat(rate.remaining()).isEmpty();

        // A resumed download: the 500 that were there before are not counted.
        for (int i = 0; i <= 4; i++) {
            rate.add(Progress.bytes("x", "", 500 + i * 10, 640), i * SECOND);
        }

        assertThat(rate.perSecond()).isEqualTo(10);
        assertThat(rate.remaining()).contains(Duration.ofSeconds(10));
    }

    @Test
    void anUnknownTotalHasNoRemainingTime() {
        ProgressRate rate = new ProgressRate();
        rate.add(Progress.bytes("x", "", 0, -1), 0);
        rate.add(Progress.bytes("x", "", 100, -1), SECOND);

        assertThat(rate.perSecond()).isEqualTo(100);
        assertThat(rate.remaining()).isEmpty();
    }

    @Test
    void fractionsAreBounded() {
        assertThat(Progress.bytes("x", "", 5, 10).fraction()).isEqualTo(0.5);
        assertThat(Progress.bytes("x", "", 15, 10).fraction()).isEqualTo(1);
        assertThat(Progress.bytes("x", "", 5, -1).fraction()).isEqualTo(-1);
        assertThat(Progress.status("x", "y").isStatusOnly()).isTrue();
    }
}
