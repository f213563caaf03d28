package dev.jebena.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Runs vector kernels on tiny data in a background thread until the JVM has compiled them.
///
/// Interpreted, a vector kernel is some hundred times slower than compiled, and slower than the
/// scalar one. So whoever needs a kernel waits for it ([Step#await]), which takes a fraction of the
/// time that computing anything real without it would take.
final class WarmUp {
    /// After this time a kernel is used in whatever state it is.
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(6);

    /// Longest turn of one kernel before it is the next one's turn.
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /// Enough calls for the compiler to be asked; from then on the thread mostly sleeps, to leave
    /// the core to the compiler. The launcher lowers this together with the JVM's own thresholds.
    private static final int ENOUGH_CALLS = Integer.getInteger("jebena.warmUpCalls", 700);

    private final List<Step> waiting = new ArrayList<>();
    private boolean running;

    /// One kernel and a call of it on tiny data.
    static final class Step {
        private final Runnable call;
        private final long nanos;
        private final CountDownLatch ready = new CountDownLatch(1);
        private volatile boolean done;
        private long started;
        private int calls;
        private int fast;

        /// @param nanos what a call takes at most, once compiled
        Step(long nanos, Runnable call) {
            this.nanos = nanos;
            this.call = call;
        }

        /// Returns once the kernel is compiled, or after a few seconds.
        void await() {
            if (done) {
                return;
            }
            boolean interrupted = false;
            while (true) {
                try {
                    ready.await(MOST_NANOS, TimeUnit.NANOSECONDS);
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            done = true;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        boolean isDone() {
            return done;
        }

        /// Calls the kernel for a turn; true once it is compiled, that is, fast three times.
        private boolean turn() {
            long begin = System.nanoTime();
            started = started == 0 ? begin : started;
            long before = begin;
            int most = calls < ENOUGH_CALLS ? Integer.MAX_VALUE : calls + 4;
            while (fast < 3 && before - begin < TURN_NANOS && calls < most) {
                call.run();
                long after = System.nanoTime();
                fast = after - before <= nanos ? fast + 1 : 0;
                before = after;
                calls++;
            }
            return fast >= 3 || before - started > MOST_NANOS;
        }

        private void finish() {
            done = true;
            ready.countDown();
        }
    }

    /// Takes up more kernels; starts the thread if none is running.
    void add(List<Step> steps) {
        synchronized (waiting) {
            waiting.addAll(steps);
            if (running) {
                return;
            }
            running = true;
        }
        Thread thread = new Thread(this::run, "jebena-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (true) {
            List<Step> round;
            synchronized (waiting) {
                waiting.removeIf(Step::isDone);
                running = !waiting.isEmpty();
                if (!running) {
                    return;
                }
                round = List.copyOf(waiting);
            }
            turns(round);
        }
    }

    private static void turns(List<Step> round) {
        boolean idle = true;
        for (Step step : round) {
            try {
                if (step.turn()) {
                    step.finish();
                }
            } catch (RuntimeException | Error e) {
                // The kernel will fail where it is needed, and be reported there.
                step.finish();
            }
            idle &= step.calls >= ENOUGH_CALLS;
        }
        if (idle) {
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
