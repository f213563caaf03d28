package dev.jebena.hub;

import dev.jebena.base.ProgressListener;

/// The bytes of several transfers at once, as one bar.
final class SharedMeter {
    private final ByteMeter meter;
    private long done;

    SharedMeter(ProgressListener listener, String task, String status, long total) {
        this.meter = new ByteMeter(listener, task, status, total, null);
    }

    synchronized void add(long bytes) {
        done += bytes;
        meter.at(done);
    }
}
