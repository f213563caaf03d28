package dev.jebena.serving;

import java.time.Duration;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// How large things were or how long they took, in buckets. Safe for use by many threads.
final class Histogram {
    private static final double[] REQUESTS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
    };
    private static final double[] TOKENS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5,
        10
    };
    private static final double[] COUNTS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000
    };

    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    private Histogram(double[] bounds) {
        this.bounds = bounds;
        counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /// Seconds that requests take.
    static Histogram ofRequests() {
        return new Histogram(REQUESTS);
    }

    /// Seconds that single tokens take.
    static Histogram ofTokens() {
        return new Histogram(TOKENS);
    }

    /// Numbers of something.
    static Histogram ofCounts() {
        return new Histogram(COUNTS);
    }

    void add(Duration duration) {
        add(duration.toNanos() / 1e9);
    }

    void add(double value) {
        int i = 0;
        while (i < bounds.length && value > bounds[i]) {
            i++;
        }
        counts[i].increment();
        sum.add(value);
    }

    /// Writes its samples: `name_bucket`, `name_sum` and `name_count`.
    void write(PrometheusText text, String name, String labels) {
        long[] found = new long[counts.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = counts[i].sum();
        }
        write(text, name, labels, bounds, found, sum.sum());
    }

    /// Writes the samples of counts that are kept elsewhere.
    ///
    /// @param counts those up to each bound, and those above
    static void write(
            PrometheusText text,
            String name,
            String labels,
            double[] bounds,
            long[] counts,
            double sum) {
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i];
            String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
            text.sample(name + "_bucket", labels + ",le=\"" + bound + "\"", Long.toString(total));
        }
        text.sample(name + "_sum", labels, Double.toString(sum));
        text.sample(name + "_count", labels, Long.toString(total));
    }
}
