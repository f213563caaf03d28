package dev.jebena.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects what is told of numbers: mean and deviation by Welford's recurrence, quantiles from a
/// sample (Vitter's reservoir), the histogram in a second pass.
final class NumberCounter {
    private static final long SEED = 7;

    private final StatisticsOptions options;
    private final boolean whole;
    private double[] sample = new double[64];
    private int sampled;
    private long count;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double mean;
    private double squares;
    private double[] edges = {};
    private long[] histogram = {};

    /// @param whole whole numbers only: then the bins' edges are some too
    NumberCounter(StatisticsOptions options, boolean whole) {
        this.options = options;
        this.whole = whole;
    }

    long count() {
        return count;
    }

    void add(double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        count++;
        min = Math.min(min, value);
        max = Math.max(max, value);
        double before = value - mean;
        mean += before / count;
        squares += before * (value - mean);
        if (sampled < options.sample()) {
            if (sampled == sample.length) {
                sample = Arrays.copyOf(sample, Math.min(options.sample(), 2 * sampled));
            }
            sample[sampled++] = value;
        } else {
            long place = (long) (Draws.fraction(SEED, count) * count);
            if (place < sampled) {
                sample[(int) place] = value;
            }
        }
    }

    /// Counts a value of the second pass into its bin.
    void place(double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        if (histogram.length == 0) {
            begin();
        }
        // Halves: the largest numbers differ by more than a double holds.
        double place =
                whole
                        ? (value - min) / wholeWidth()
                        : (value / 2 - min / 2) / (max / 2 - min / 2) * histogram.length;
        histogram[Math.clamp((int) place, 0, histogram.length - 1)]++;
    }

    /// The width of a bin of whole numbers, itself one, so that no bin can hold more of them than
    /// another.
    private double wholeWidth() {
        return Math.max(1, Math.ceil((max - min + 1) / options.bins()));
    }

    private void begin() {
        int bins =
                whole
                        ? (int)
                                Math.clamp(
                                        Math.ceil((max - min + 1) / wholeWidth()),
                                        1,
                                        options.bins())
                        : max > min ? options.bins() : 1;
        histogram = new long[bins];
        edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) {
            double edge = whole ? min + i * wholeWidth() : min + i * (max / bins - min / bins);
            edges[i] = i == bins ? max : edge;
        }
    }

    ColumnStatistics.@Nullable Numbers result() {
        if (count == 0) {
            return null;
        }
        double[] sorted = Arrays.copyOf(sample, sampled);
        Arrays.sort(sorted);
        Map<Double, Double> quantiles = new LinkedHashMap<>();
        for (double q : options.quantiles()) {
            quantiles.put(q, quantile(sorted, q));
        }
        double std = count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1));
        return new ColumnStatistics.Numbers(
                count, min, max, mean, std, quantiles, edges, histogram);
    }

    /// Between the two nearest values, as pandas has it.
    private static double quantile(double[] sorted, double q) {
        double at = q * (sorted.length - 1);
        int low = (int) at;
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
