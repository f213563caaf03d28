package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import dev.jebena.llm.internal.model.Pooling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Computes as many waiting texts together as a pass holds. A text is always computed whole, since
/// its tokens see each other in both directions.
public final class EmbeddingScheduler implements Scheduler<EmbeddingTask> {
    private final EngineCounters counters = new EngineCounters();
    private final Pass pass;
    private final KvPool pool;
    private final int capacity;
    private final ArrayDeque<EmbeddingTask> waiting = new ArrayDeque<>();
    private final List<EmbeddingTask> running = new ArrayList<>();
    private final List<long[]> pages = new ArrayList<>();

    /// @param capacity rows of a pass, at least the longest text
    public EmbeddingScheduler(Pass pass, KvPool pool, int capacity) {
        this.pass = pass;
        this.pool = pool;
        this.capacity = capacity;
    }

    @Override
    public void accept(EmbeddingTask request) {
        waiting.addLast(request);
        count();
    }

    @Override
    public boolean hasWork() {
        return !waiting.isEmpty();
    }

    @Override
    public void step() {
        waiting.removeIf(task -> task.vector().isDone());
        pass.clear();
        while (!waiting.isEmpty() && fits(waiting.getFirst())) {
            EmbeddingTask task = waiting.removeFirst();
            running.add(task);
            long[] own = new long[pool.pagesFor(task.ids().length)];
            for (int i = 0; i < own.length; i++) {
                own[i] = pool.take();
            }
            pages.add(own);
            pass.add(task.ids(), 0, task.ids().length, own, task.adapters());
        }
        count();
        if (!running.isEmpty()) {
            compute();
        }
        end();
    }

    private boolean fits(EmbeddingTask task) {
        return pass.rows() + task.ids().length <= capacity
                && pool.pagesFor(task.ids().length) <= pool.freePages();
    }

    private void compute() {
        pass.run();
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < running.size(); i++) {
            Pooling pooling = running.get(i).pooling();
            boolean scored = pooling == Pooling.RANK;
            vectors.add(scored ? pass.scores(i) : pass.pooled(i, pooling));
        }
        counters.promptTokens().addAndGet(pass.rows());
        counters.steps().incrementAndGet();
        List<EmbeddingTask> done = List.copyOf(running);
        end();
        for (int i = 0; i < done.size(); i++) {
            done.get(i).vector().complete(vectors.get(i));
        }
    }

    private void end() {
        for (long[] own : pages) {
            for (int i = own.length - 1; i >= 0; i--) {
                pool.release(own[i]);
            }
        }
        pages.clear();
        running.clear();
        count();
    }

    private void count() {
        counters.running().set(running.size());
        counters.waiting().set(waiting.size());
    }

    @Override
    public void fail(LlmException problem, boolean all) {
        List<EmbeddingTask> failed = new ArrayList<>(running);
        if (all) {
            failed.addAll(waiting);
            waiting.clear();
        }
        end();
        failed.forEach(task -> task.vector().completeExceptionally(problem));
    }

    @Override
    public EngineCounters counters() {
        return counters;
    }
}
