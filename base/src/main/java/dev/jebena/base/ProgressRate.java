package dev.jebena.base;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/// The speed of one task and the time it still needs, from its progress events. The speed is that
/// of the last few seconds, so a resumed download does not count what was there before. Not safe
/// for use by several threads.
public final class ProgressRate {
    private static final long WINDOW_NANOS = Duration.ofSeconds(6).toNanos();

    /// Longer estimates come from the first few bytes and say nothing.
    private static final Duration LONGEST = Duration.ofHours(100);

    private record Sample(long nanos, long done) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private long total = -1;

    /// Notes an event that happened at this time of [System#nanoTime].
    public void add(Progress progress, long nanoTime) {
        if (!samples.isEmpty() && progress.done() < samples.getLast().done()) {
            samples.clear();
        }
        samples.addLast(new Sample(nanoTime, progress.done()));
        while (samples.size() > 2 && nanoTime - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        total = progress.total();
    }

    public void add(Progress progress) {
        add(progress, System.nanoTime());
    }

    /// Units a second; 0 while nothing can be said.
    public double perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        long nanos = samples.getLast().nanos() - samples.getFirst().nanos();
        long amount = samples.getLast().done() - samples.getFirst().done();
        return nanos <= 0 ? 0 : amount * 1e9 / nanos;
    }

    /// The time still needed at the present speed; empty while nothing can be said.
    public Optional<Duration> remaining() {
        double rate = perSecond();
        if (total < 0 || rate <= 0) {
            return Optional.empty();
        }
        long left = Math.max(0, total - samples.getLast().done());
        Duration time = Duration.ofMillis((long) Math.min(left / rate * 1000, 1e15));
        return time.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(time);
    }
}
