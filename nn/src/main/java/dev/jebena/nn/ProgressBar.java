package dev.jebena.nn;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/// One line that shows how far training is: `[===== ] 500/1000 loss 0.3121 lr 0.001 42.1 steps/s`.
public final class ProgressBar implements TrainingListener {
    private static final int WIDTH = 30;
    private static final long PAUSE = 100_000_000;
    private final PrintStream out;
    private final LongSupplier nanos;
    private final boolean drawn;
    private long shown;
    private long begin;
    private long first;
    private double mean = Double.NaN;

    private ProgressBar(PrintStream out, LongSupplier nanos, boolean drawn) {
        this.out = out;
        this.nanos = nanos;
        this.drawn = drawn;
        begin = nanos.getAsLong();
        shown = begin - PAUSE;
        first = -1;
    }

    /// On this stream, ten times a second at most.
    public static ProgressBar of(PrintStream out) {
        return new ProgressBar(out, System::nanoTime, true);
    }

    /// A line of text after each tenth of the steps instead, for streams that are no terminals.
    public static ProgressBar lines(PrintStream out) {
        return new ProgressBar(out, System::nanoTime, false);
    }

    /// The same with a clock of nanoseconds.
    public static ProgressBar of(PrintStream out, LongSupplier nanos) {
        return new ProgressBar(out, nanos, true);
    }

    @Override
    public boolean onStep(TrainingStep step) {
        mean = Double.isNaN(mean) ? step.loss() : 0.95 * mean + 0.05 * step.loss();
        long now = nanos.getAsLong();
        if (first < 0) {
            first = step.step();
            begin = now;
        }
        if (drawn && (now - shown >= PAUSE || step.step() == step.steps())) {
            shown = now;
            out.print("\r" + bar(step) + line(step, now));
            out.flush();
        } else if (!drawn && tenth(step.step(), step) > tenth(step.step() - 1, step)) {
            out.println(line(step, now));
        }
        return true;
    }

    private static long tenth(long done, TrainingStep step) {
        return 10 * done / Math.max(1, step.steps());
    }

    private static String bar(TrainingStep step) {
        int full = (int) (WIDTH * step.step() / Math.max(1, step.steps()));
        return "[" + "=".repeat(full) + " ".repeat(WIDTH - full) + "] ";
    }

    private String line(TrainingStep step, long now) {
        double seconds = (now - begin) / 1e9;
        String rate =
                seconds > 0
                        ? String.format(
                                Locale.ROOT, "  %.1f steps/s", (step.step() - first) / seconds)
                        : "";
        return String.format(
                Locale.ROOT,
                "%d/%d  epoch %d  loss %.4f  lr %.3g%s",
                step.step(),
                step.steps(),
                step.epoch(),
                mean,
                step.learningRate(),
                rate);
    }

    @Override
    public void onEnd(long step) {
        if (drawn && first >= 0) {
            out.println();
        }
    }
}
