package dev.jebena.bench;

import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Two programs that do the same work, timed in turn: ratios compare neighbours in time, so that
/// what else the machine does falls on both.
///
/// @param operations floating-point operations of one call, 0 if nobody counted
record Comparison(String name, double operations, Supplier<Tensor> ours, Libtorch peer)
        implements AutoCloseable {
    /// How long one side's turn takes at least.
    private static final double TURN_SECONDS = 0.3;

    /// Seconds a call, medians, and the ratio of the peer's to ours: median, least, most.
    record Result(Comparison of, int threads, double ours, double peer, List<Double> ratios) {
        double ratio() {
            return median(ratios);
        }

        String row() {
            String rates =
                    of.operations > 0 ? "%.0f | %.0f".formatted(rate(ours), rate(peer)) : "  |  ";
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %.2f | %s | %.2f (%.2f to %.2f) |",
                    of.name,
                    threads,
                    1e3 * ours,
                    1e3 * peer,
                    rates,
                    ratio(),
                    Collections.min(ratios),
                    Collections.max(ratios));
        }

        private double rate(double seconds) {
            return of.operations / seconds / 1e9;
        }
    }

    static final String HEAD =
            """
            | | threads | Jebena, ms | libtorch, ms | GFLOP/s | libtorch, GFLOP/s | ratio |
            |---|---:|---:|---:|---:|---:|---|\
            """;

    /// @param rounds turns of both
    Result measure(int threads, int rounds) {
        warm(this::runOurs);
        warm(peer::run);
        List<Double> mine = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            double a = turn(this::runOurs);
            double b = turn(peer::run);
            mine.add(a);
            theirs.add(b);
            ratios.add(b / a);
        }
        return new Result(this, threads, median(mine), median(theirs), ratios);
    }

    /// Fails if the two sides' numbers differ by more than the tolerance times the largest.
    static void same(String name, Tensor ours, Libtorch peer, double tolerance) {
        float[] a = ours.toFloats();
        float[] b = peer.numbers();
        double largest = 0;
        double difference = a.length == b.length ? 0 : Double.NaN;
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            largest = Math.max(largest, Math.abs(b[i]));
            difference = Math.max(difference, Math.abs(a[i] - b[i]));
        }
        if (!(difference <= tolerance * largest)) {
            throw new IllegalStateException(
                    "%s: results differ by %s; the largest number is %s"
                            .formatted(name, difference, largest));
        }
    }

    @Override
    public void close() {
        peer.close();
    }

    /// The result's memory is given back, as the peer's is.
    private void runOurs() {
        Tensor result = ours.get();
        if (result.size() == 0) {
            throw new IllegalStateException(name + ": no result");
        }
        result.release();
    }

    /// At least ten calls and two seconds, which the JVM's compilers need.
    private static void warm(Runnable work) {
        long start = System.nanoTime();
        for (int i = 0; i < 10 || System.nanoTime() - start < 2_000_000_000L; i++) {
            work.run();
        }
    }

    private static double turn(Runnable work) {
        int calls = 0;
        long start = System.nanoTime();
        double seconds;
        do {
            work.run();
            calls++;
            seconds = (System.nanoTime() - start) / 1e9;
        } while (seconds < TURN_SECONDS);
        return seconds / calls;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
