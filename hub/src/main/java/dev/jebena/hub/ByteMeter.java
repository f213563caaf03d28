package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells a listener about bytes, ten times a second at most; the first and the last event always.
final class ByteMeter {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ProgressListener listener;
    private final String task;
    private final String status;
    private final long total;
    private final @Nullable ContentId digest;
    private long last;
    private boolean begun;

    ByteMeter(
            ProgressListener listener,
            String task,
            String status,
            long total,
            @Nullable ContentId digest) {
        this.listener = listener;
        this.task = task;
        this.status = status;
        this.total = total;
        this.digest = digest;
    }

    void at(long done) {
        long now = System.nanoTime();
        if (!begun || done == total || now - last >= PAUSE_NANOS) {
            begun = true;
            last = now;
            long shown = total > 0 ? Math.min(done, total) : done;
            listener.on(Progress.bytes(task, status, shown, total, digest));
        }
    }
}
