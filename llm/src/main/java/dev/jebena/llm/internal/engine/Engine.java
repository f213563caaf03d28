package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The thread that runs a scheduler: asleep while there is nothing to do, and alive after any
/// failure of a step, which ends only the requests that took part in it.
///
/// @param <T> what requests are
public final class Engine<T> implements AutoCloseable {
    private final Scheduler<T> scheduler;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<T> inbox = new ArrayDeque<>();
    private final ArrayDeque<FutureTask<?>> errands = new ArrayDeque<>();
    private final Thread thread;
    private boolean closed;

    /// @param capacity requests at most that run or wait
    public Engine(Scheduler<T> scheduler, int capacity) {
        this.scheduler = scheduler;
        this.capacity = capacity;
        this.thread = Thread.ofPlatform().name("jebena-engine").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public EngineCounters counters() {
        return scheduler.counters();
    }

    /// Hands over a request. Throws QUEUE_FULL or CLOSED.
    public void submit(T request) {
        lock.lock();
        try {
            if (closed) {
                throw closedProblem();
            }
            EngineCounters counters = scheduler.counters();
            int busy = counters.running().get() + counters.waiting().get() + inbox.size();
            if (busy >= capacity) {
                throw new LlmException(
                        LlmException.Code.QUEUE_FULL,
                        "%d requests run or wait already, which is the limit; try again later"
                                .formatted(busy));
            }
            inbox.add(request);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Does something on the engine's thread between two steps, and waits for it.
    public <R> R call(Callable<R> errand) {
        FutureTask<R> task = new FutureTask<>(errand);
        lock.lock();
        try {
            if (closed) {
                throw closedProblem();
            }
            errands.add(task);
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw rethrown(problemOf(cause == null ? e : cause));
        } catch (CancellationException e) {
            throw closedProblem();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LlmException(
                    LlmException.Code.CLOSED, "the thread that waited was interrupted", e);
        }
    }

    /// Requests that were handed over and not looked at yet.
    public int pending() {
        lock.lock();
        try {
            return inbox.size();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitWork()) {
            try {
                runErrands();
                if (scheduler.hasWork()) {
                    scheduler.step();
                }
            } catch (Throwable problem) {
                scheduler.fail(problemOf(problem), false);
            }
        }
        scheduler.fail(closedProblem(), true);
        FutureTask<?> errand = nextErrand();
        while (errand != null) {
            errand.cancel(false);
            errand = nextErrand();
        }
    }

    private void runErrands() {
        FutureTask<?> errand = nextErrand();
        while (errand != null) {
            errand.run();
            errand = nextErrand();
        }
    }

    private @Nullable FutureTask<?> nextErrand() {
        lock.lock();
        try {
            return errands.poll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether there is a step to do; false once the engine is closed.
    private boolean awaitWork() {
        lock.lock();
        try {
            while (!closed && inbox.isEmpty() && errands.isEmpty() && !scheduler.hasWork()) {
                changed.awaitUninterruptibly();
            }
            inbox.forEach(scheduler::accept);
            inbox.clear();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    static LlmException problemOf(Throwable problem) {
        return switch (problem) {
            case LlmException known -> known;
            case OutOfMemoryError memory ->
                    new LlmException(
                            LlmException.Code.OUT_OF_MEMORY,
                            "not enough memory to go on: " + memory.getMessage(),
                            memory);
            default ->
                    new LlmException(
                            LlmException.Code.INTERNAL, "the engine failed: " + problem, problem);
        };
    }

    /// The same problem with the stack of the thread that waits for the outcome.
    static LlmException rethrown(LlmException problem) {
        return new LlmException(problem.code(), String.valueOf(problem.getMessage()), problem);
    }

    private static LlmException closedProblem() {
        return new LlmException(LlmException.Code.CLOSED, "the model has been closed");
    }

    /// Ends all requests with CLOSED and waits for the thread to end.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
