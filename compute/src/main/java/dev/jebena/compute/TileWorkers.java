package dev.jebena.compute;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// [Workers] on daemon platform threads. Between runs a thread spins for some microseconds, in case
/// the next run follows at once, then leaves its core to whoever wants it, and parks when it has
/// waited for a while: to wake a thread that is parked takes longer than many a run.
///
/// A thread that lost its core to another process while it held a tile holds up the others until it
/// gets it back. One that was late so gets no tiles for a while: with a core that is busy anyway
/// the rest of them are faster alone.
final class TileWorkers implements Workers {
    /// Rounds of spinning before yielding: about 10 microseconds. Longer would take the core from
    /// the very process or thread that is being waited for.
    private static final int SPINS = 500;

    /// How long a thread that waits for the next run yields before it parks.
    private static final long YIELD_NANOS = 500_000;

    /// How long the caller yields before it parks: tiles of one size end about together, and to be
    /// woken takes longer than many a tile. Not longer, since the scheduler moves a thread that
    /// lost its core only to one that sleeps.
    private static final long CALLER_YIELD_NANOS = 50_000;

    /// A thread is late when the caller has waited so long for its tile, and as long as it took
    /// itself for this many tiles.
    private static final long LATE_NANOS = 500_000;

    private static final int LATE_TILES = 4;

    /// How long a thread that was late gets no tiles.
    private static final long REST_NANOS = 50_000_000;

    private final long restNanos;
    private final Worker[] threads;
    private final ReentrantLock running = new ReentrantLock();
    private volatile @Nullable Run current;
    private volatile boolean closed;

    TileWorkers(int count) {
        this(count, REST_NANOS);
    }

    /// @param restNanos how long a thread that was late gets no tiles
    TileWorkers(int count, long restNanos) {
        if (count < 1) {
            throw new IllegalArgumentException("workers: count %d is below 1".formatted(count));
        }
        this.restNanos = restNanos;
        threads = new Worker[count - 1];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Worker(i + 1);
            threads[i].start();
        }
    }

    @Override
    public int count() {
        return threads.length + 1;
    }

    @Override
    public void run(int tiles, TileTask task) {
        if (running.isHeldByCurrentThread() || isOwn(Thread.currentThread())) {
            throw new IllegalStateException("workers: run called from within a tile");
        }
        running.lock();
        try {
            if (closed) {
                throw new IllegalStateException("workers: already closed");
            }
            Run run = new Run(tiles, task, Thread.currentThread());
            if (tiles > 1 && threads.length > 0) {
                current = run;
                wake(tiles - 1);
            }
            long began = System.nanoTime();
            int own = run.work(0);
            long tileNanos = own == 0 ? LATE_NANOS : (System.nanoTime() - began) / own;
            run.awaitDone(Math.max(LATE_NANOS, LATE_TILES * tileNanos), () -> restLate(run));
            current = null;
            run.rethrow();
        } finally {
            running.unlock();
        }
    }

    private boolean isOwn(Thread thread) {
        return thread instanceof Worker worker && worker.owner() == this;
    }

    private void wake(int most) {
        int woken = 0;
        for (int i = 0; i < threads.length && woken < most; i++) {
            if (!threads[i].rests()) {
                woken++;
                if (threads[i].parked) {
                    LockSupport.unpark(threads[i]);
                }
            }
        }
    }

    private void restLate(Run run) {
        for (Worker thread : threads) {
            if (thread.working == run) {
                thread.restUntil = System.nanoTime() + restNanos;
            }
        }
    }

    @Override
    public void close() {
        running.lock();
        try {
            closed = true;
        } finally {
            running.unlock();
        }
        for (Worker thread : threads) {
            LockSupport.unpark(thread);
        }
        boolean interrupted = false;
        for (Worker thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// One call of [#run]. A late thread that still holds an old one finds no tile left in it.
    private static final class Run {
        private final int tiles;
        private final TileTask task;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile boolean callerParked;

        Run(int tiles, TileTask task, Thread caller) {
            this.tiles = tiles;
            this.task = task;
            this.caller = caller;
        }

        /// Does tiles until there is none left. Returns how many.
        int work(int worker) {
            int count = 0;
            // The plain read keeps late threads from counting `next` up without end.
            while (next.get() < tiles) {
                int tile = next.getAndIncrement();
                if (tile >= tiles) {
                    break;
                }
                count++;
                try {
                    task.run(tile, worker);
                } catch (Throwable e) {
                    keep(e);
                }
                if (done.incrementAndGet() == tiles && callerParked) {
                    LockSupport.unpark(caller);
                }
            }
            return count;
        }

        private void keep(Throwable e) {
            Throwable first = failure.compareAndExchange(null, e);
            if (first != null && first != e) {
                first.addSuppressed(e);
            }
        }

        /// Whether all tiles are done soon.
        @SuppressWarnings("ThreadPriorityCheck") // yields only where the alternative is to park
        private boolean isDoneSoon() {
            for (int i = 0; i < SPINS && done.get() < tiles; i++) {
                Thread.onSpinWait();
            }
            long began = System.nanoTime();
            while (done.get() < tiles) {
                if (System.nanoTime() - began > CALLER_YIELD_NANOS) {
                    return false;
                }
                Thread.yield();
            }
            return true;
        }

        /// @param onLate called once if it takes longer than `lateNanos`
        void awaitDone(long lateNanos, Runnable onLate) {
            if (isDoneSoon()) {
                return;
            }
            callerParked = true;
            boolean interrupted = false;
            boolean late = false;
            long began = System.nanoTime();
            while (done.get() < tiles) {
                long left = lateNanos - (System.nanoTime() - began);
                if (late) {
                    LockSupport.park(this);
                } else if (left > 0) {
                    LockSupport.parkNanos(this, left);
                } else {
                    late = true;
                    onLate.run();
                }
                // An interrupt must not turn the wait into a busy loop.
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void rethrow() {
            Throwable failed = failure.get();
            if (failed == null) {
                return;
            }
            switch (failed) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException("workers: tile failed", e);
            }
        }
    }

    private final class Worker extends Thread {
        private final int index;
        private volatile boolean parked;
        private volatile @Nullable Run working;
        private volatile long restUntil = System.nanoTime();

        Worker(int index) {
            super("jebena-worker-" + index);
            this.index = index;
            setDaemon(true);
        }

        TileWorkers owner() {
            return TileWorkers.this;
        }

        @Override
        public void run() {
            Run last = null;
            while (!closed) {
                Run run = awaitOther(last);
                if (run != null) {
                    working = run;
                    run.work(index);
                    working = null;
                    last = run;
                }
            }
        }

        boolean rests() {
            return System.nanoTime() - restUntil < 0;
        }

        /// The current run if it comes soon; null if not.
        @SuppressWarnings("ThreadPriorityCheck") // yields only where the alternative is to park
        private @Nullable Run awaitSoon(@Nullable Run last) {
            long end = 0;
            for (int i = 0; !rests() && (end == 0 || System.nanoTime() - end < 0); i++) {
                Run run = current;
                if (run != null && run != last) {
                    return run;
                }
                if (i < SPINS) {
                    Thread.onSpinWait();
                } else {
                    end = end == 0 ? System.nanoTime() + YIELD_NANOS : end;
                    Thread.yield();
                }
            }
            return null;
        }

        /// The current run, once it is another one than `last`; null on closing.
        private @Nullable Run awaitOther(@Nullable Run last) {
            Run soon = awaitSoon(last);
            if (soon != null) {
                return soon;
            }
            parked = true;
            try {
                while (!closed) {
                    Run run = current;
                    if (rests()) {
                        LockSupport.parkNanos(TileWorkers.this, restUntil - System.nanoTime());
                    } else if (run != null && run != last) {
                        return run;
                    } else {
                        LockSupport.park(TileWorkers.this);
                    }
                }
                return null;
            } finally {
                parked = false;
            }
        }
    }
}
