package dev.jebena.compute;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// [Workers] on daemon platform threads. Between runs a thread spins for some microseconds, in case
/// the next run follows at once, then parks.
final class TileWorkers implements Workers {
    /// Rounds of spinning before parking: about 20 microseconds. Longer would take the core from
    /// the very process or thread that is being waited for.
    private static final int SPINS = 500;

    private final Worker[] threads;
    private final ReentrantLock running = new ReentrantLock();
    private volatile @Nullable Run current;
    private volatile boolean closed;

    TileWorkers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("workers: count %d is below 1".formatted(count));
        }
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
            run.work(0);
            run.awaitDone();
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
        for (int i = 0; i < Math.min(most, threads.length); i++) {
            if (threads[i].parked) {
                LockSupport.unpark(threads[i]);
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

        void work(int worker) {
            // The plain read keeps late threads from counting `next` up without end.
            while (next.get() < tiles) {
                int tile = next.getAndIncrement();
                if (tile >= tiles) {
                    return;
                }
                try {
                    task.run(tile, worker);
                } catch (Throwable e) {
                    keep(e);
                }
                if (done.incrementAndGet() == tiles && callerParked) {
                    LockSupport.unpark(caller);
                }
            }
        }

        private void keep(Throwable e) {
            Throwable first = failure.compareAndExchange(null, e);
            if (first != null && first != e) {
                first.addSuppressed(e);
            }
        }

        void awaitDone() {
            for (int i = 0; i < SPINS && done.get() < tiles; i++) {
                Thread.onSpinWait();
            }
            if (done.get() >= tiles) {
                return;
            }
            callerParked = true;
            boolean interrupted = false;
            while (done.get() < tiles) {
                LockSupport.park(this);
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
                    run.work(index);
                    last = run;
                }
            }
        }

        /// The current run, once it is another one than `last`; null on closing.
        private @Nullable Run awaitOther(@Nullable Run last) {
            for (int i = 0; i < SPINS; i++) {
                Run run = current;
                if (run != null && run != last) {
                    return run;
                }
                Thread.onSpinWait();
            }
            parked = true;
            try {
                while (!closed) {
                    Run run = current;
                    if (run != null && run != last) {
                        return run;
                    }
                    LockSupport.park(TileWorkers.this);
                }
                return null;
            } finally {
                parked = false;
            }
        }
    }
}
