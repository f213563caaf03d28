package dev.jebena.serving;

import java.time.Duration;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// How long things took, in buckets. Safe for use by many threads.
final class LatencyHistogram {
    private static final double[] BUCKETS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
    };

    private final LongAdder[] counts = new LongAdder[BUCKETS.length + 1];
    private final DoubleAdder sum = new DoubleAdder();

    LatencyHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        int i = 0;
        while (i < BUCKETS.length && seconds > BUCKETS[i]) {
            i++;
        }
        counts[i].increment();
        sum.add(seconds);
    }

    /// Writes its samples: `name_bucket`, `name_sum` and `name_count`.
    void write(PrometheusText text, String name, String labels) {
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i].sum();
            String bound = i < BUCKETS.length ? Double.toString(BUCKETS[i]) : "+Inf";
            text.sample(name + "_bucket", labels + ",le=\"" + bound + "\"", Long.toString(total));
        }
        text.sample(name + "_sum", labels, Double.toString(sum.sum()));
        text.sample(name + "_count", labels, Long.toString(total));
    }
}
