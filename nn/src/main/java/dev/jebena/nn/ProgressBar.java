package dev.jebena.nn;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/// One line that shows how far training is: `[=====     ]  500/1000  loss 0.3121  lr 0.001  42.1
/// steps/s`.
public final class ProgressBar implements TrainingListener {
    private static final int WIDTH = 30;
    private static final long PAUSE = 100_000_000;
    private final PrintStream out;
    private final LongSupplier nanos;
    private long shown;
    private long begin;
    private long first;
    private double mean = Double.NaN;

    private ProgressBar(PrintStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
        begin = nanos.getAsLong();
        shown = begin - PAUSE;
        first = -1;
    }

    /// On this stream, ten times a second at most.
    public static ProgressBar of(PrintStream out) {
        return new ProgressBar(out, System::nanoTime);
    }

    /// The same with a clock of nanoseconds.
    public static ProgressBar of(PrintStream out, LongSupplier nanos) {
        return new ProgressBar(out, nanos);
    }

    @Override
    public boolean onStep(TrainingStep step) {
        mean = Double.isNaN(mean) ? step.loss() : 0.95 * mean + 0.05 * step.loss();
        long now = nanos.getAsLong();
        if (first < 0) {
            first = step.step();
            begin = now;
        }
        if (now - shown >= PAUSE || step.step() == step.steps()) {
            shown = now;
            out.print("\r" + line(step, now));
            out.flush();
        }
        return true;
    }

    private String line(TrainingStep step, long now) {
        int full = (int) (WIDTH * step.step() / Math.max(1, step.steps()));
        double seconds = (now - begin) / 1e9;
        String rate =
                seconds > 0
                        ? String.format(
                                Locale.ROOT, "  %.1f steps/s", (step.step() - first) / seconds)
                        : "";
        return String.format(
                Locale.ROOT,
                "[%s%s] %d/%d  epoch %d  loss %.4f  lr %.3g%s",
                "=".repeat(full),
                " ".repeat(WIDTH - full),
                step.step(),
                step.steps(),
                step.epoch(),
                mean,
                step.learningRate(),
                rate);
    }

    @Override
    public void onEnd(long step) {
        out.println();
    }
}
