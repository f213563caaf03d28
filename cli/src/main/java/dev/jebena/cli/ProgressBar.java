package dev.jebena.cli;

import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import dev.jebena.base.ProgressRate;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Draws progress events: on a terminal one line that is drawn again in place, elsewhere a line
/// every tenth of the way.
final class ProgressBar implements ProgressListener {
    private static final int WIDTH = 24;
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private ProgressRate rate = new ProgressRate();
    private @Nullable String task;
    private String lastStatus = "";
    private long drawnAt;
    private int drawnTenth;
    private boolean lineOpen;

    ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public synchronized void on(Progress event) {
        String heading = event.status() + " " + event.task();
        if (!heading.equals(task)) {
            finish();
            task = heading;
            rate = new ProgressRate();
            drawnTenth = -1;
            drawnAt = 0;
        }
        if (event.isStatusOnly()) {
            String text = event.status().isEmpty() ? event.task() : event.status();
            if (!text.equals(lastStatus)) {
                line(text);
                lastStatus = text;
            }
            return;
        }
        long now = System.nanoTime();
        rate.add(event, now);
        boolean whole = event.total() >= 0 && event.done() >= event.total();
        if (terminal ? whole || drawnAt == 0 || now - drawnAt >= REDRAW_NANOS : nextTenth(event)) {
            drawnAt = now;
            draw(event);
        }
    }

    private boolean nextTenth(Progress event) {
        int tenth = event.total() < 0 ? 0 : (int) (10 * event.fraction());
        boolean next = tenth > drawnTenth;
        drawnTenth = Math.max(drawnTenth, tenth);
        return next;
    }

    private void draw(Progress event) {
        StringBuilder line = new StringBuilder(event.status()).append(' ').append(event.task());
        if (line.length() > 44) {
            line.setLength(43);
            line.append('…');
        }
        line.append("  ");
        if (event.total() > 0) {
            int filled = (int) (WIDTH * event.fraction());
            line.append("█".repeat(filled)).append("░".repeat(WIDTH - filled));
            line.append(String.format(Locale.ROOT, " %3d%%  ", (int) (100 * event.fraction())));
        }
        line.append(amount(event));
        if (rate.perSecond() > 0) {
            line.append("  ").append(speed(event.unit())).append("/s");
            rate.remaining().ifPresent(left -> line.append("  ").append(clock(left)));
        }
        if (terminal) {
            out.print("\r\033[K" + line);
            out.flush();
            lineOpen = true;
        } else {
            out.println(line);
        }
    }

    private String speed(Progress.Unit unit) {
        double rate = this.rate.perSecond();
        return unit == Progress.Unit.BYTES
                ? Tables.bytes((long) rate)
                : String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate);
    }

    private static String amount(Progress event) {
        if (event.unit() == Progress.Unit.ITEMS) {
            return event.done() + (event.total() > 0 ? "/" + event.total() : "");
        }
        String total = event.total() > 0 ? "/" + Tables.bytes(event.total()) : "";
        return Tables.bytes(event.done()) + total;
    }

    private static String clock(Duration left) {
        long seconds = left.toSeconds() + (left.toNanosPart() > 0 ? 1 : 0);
        return seconds < 3_600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }

    /// Prints a line of text above the bar.
    synchronized void line(String text) {
        finish();
        out.println(text);
    }

    /// Ends the open line, if there is one.
    synchronized void finish() {
        if (lineOpen) {
            out.println();
            lineOpen = false;
        }
    }
}
