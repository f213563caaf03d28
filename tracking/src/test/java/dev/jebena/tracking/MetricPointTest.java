package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricPointTest {
    @Test
    void blocksGiveBackWhatWasPutIn() {
        Random random = new Random(5);
        List<MetricPoint> points = new ArrayList<>();
        points.add(new MetricPoint(Long.MAX_VALUE, Long.MIN_VALUE, Double.NaN));
        points.add(new MetricPoint(0, Long.MAX_VALUE, -0.0));
        for (int i = 0; i < 1000; i++) {
            points.add(
                    new MetricPoint(
                            random.nextLong() >>> random.nextInt(64),
                            random.nextLong() >> random.nextInt(64),
                            random.nextDouble()));
        }
        List<MetricPoint> back = new ArrayList<>();
        MetricPoint.decode(MetricPoint.encode(points), back::add);
        assertThat(back).isEqualTo(points);
    }

    @Test
    void pointsOneStepApartTakeTenBytes() {
        List<MetricPoint> points = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            points.add(new MetricPoint(1_700_000_000_000L + i * 10L, i, i));
        }
        assertThat(MetricPoint.encode(points)).hasSizeLessThan(10 * 1000 + 20);
    }
}
