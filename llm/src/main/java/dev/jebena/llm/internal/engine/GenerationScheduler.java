package dev.jebena.llm.internal.engine;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.Workers;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import dev.jebena.llm.internal.sampling.Choice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Continuous batching: each step computes one token of every answer under way, and with what room
/// is left pieces of the prompts of others, oldest first.
///
/// Pages of the cache are taken as tokens need them. When none is free the youngest sequence gives
/// all of its pages back and waits; it is computed again later, to the same bits. So the oldest
/// always gets on, and as the pool holds at least one whole context, every request ends.
public final class GenerationScheduler implements Scheduler<Sequence> {
    private final EngineCounters counters = new EngineCounters();
    private final Pass pass;
    private final Kernels kernels;
    private final Workers workers;
    private final SharedPages pool;
    private final int batchTokens;
    private final int maxSequences;
    private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
    // In order of arrival.
    private final List<Sequence> running = new ArrayList<>();
    private final List<Sequence> planned = new ArrayList<>();
    private final List<Sequence> sampled = new ArrayList<>();
    private int[] sampledRows = {};
    private long arrivals;

    /// @param keptPages pages at most that are kept for later when no sequence uses them
    public GenerationScheduler(
            Pass pass,
            Kernels kernels,
            Workers workers,
            KvPool pool,
            int keptPages,
            int batchTokens,
            int maxSequences) {
        this.pass = pass;
        this.kernels = kernels;
        this.workers = workers;
        this.pool = new SharedPages(pool, keptPages);
        this.batchTokens = Math.max(batchTokens, maxSequences);
        this.maxSequences = maxSequences;
    }

    @Override
    public void accept(Sequence request) {
        request.arrival(arrivals++);
        waiting.addLast(request);
        count();
    }

    @Override
    public boolean hasWork() {
        return !running.isEmpty() || !waiting.isEmpty();
    }

    @Override
    public void step() {
        planned.clear();
        dropFinished();
        admit();
        plan();
        if (!planned.isEmpty()) {
            compute();
        }
        dropFinished();
        counters.steps().incrementAndGet();
    }

    /// Removes the sequences that are over, or that nobody reads any more.
    private void dropFinished() {
        waiting.removeIf(sequence -> sequence.stream().over());
        running.removeIf(sequence -> {
            boolean over = sequence.stream().over();
            if (over) {
                sequence.releasePages(pool);
            }
            return over;
        });
        count();
    }

    private void count() {
        counters.running().set(running.size());
        counters.waiting().set(waiting.size());
    }

    /// Lets waiting sequences in, in order, while there are pages for all of their tokens and one
    /// more, beyond those that running ones still need for theirs.
    private void admit() {
        int spare = pool.free();
        for (Sequence sequence : running) {
            spare -= sequence.lackingPages(sequence.remaining() + 1);
        }
        while (!waiting.isEmpty() && running.size() < maxSequences) {
            Sequence next = waiting.getFirst();
            int needed = next.lackingPages(next.remaining() + 1);
            if (needed > spare && !running.isEmpty()) {
                break;
            }
            spare -= needed;
            waiting.removeFirst();
            insert(next);
            next.stream().start(next.adoptPages(pool));
        }
        count();
    }

    private void insert(Sequence sequence) {
        int at = running.size();
        while (at > 0 && running.get(at - 1).arrival() > sequence.arrival()) {
            at--;
        }
        running.add(at, sequence);
    }

    /// Chooses the rows of the step and gets them pages.
    private void plan() {
        pass.clear();
        sampled.clear();
        sampledRows = sampledRows.length < running.size() ? new int[maxSequences] : sampledRows;
        int decoding = 0;
        for (Sequence sequence : running) {
            decoding += sequence.remaining() == 1 ? 1 : 0;
        }
        int room = batchTokens - decoding;
        // Victims are taken from the list's end, so those planned before are safe.
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            int count = sequence.remaining() == 1 ? 1 : Math.min(room, sequence.remaining());
            if (count > 0 && getPages(sequence, count)) {
                room -= sequence.remaining() == 1 ? 0 : count;
                add(sequence, count);
            }
        }
        count();
    }

    private void add(Sequence sequence, int count) {
        int last = pass.add(sequence.tokens(), sequence.computed(), count, sequence.pages());
        planned.add(sequence);
        if (count == sequence.remaining()) {
            sampledRows[sampled.size()] = last;
            sampled.add(sequence);
        }
        counters.promptTokens().addAndGet(sequence.advance(count));
    }

    /// Whether the sequence has pages for `count` more tokens; if not, it has been put back.
    private boolean getPages(Sequence sequence, int count) {
        int lacking = sequence.lackingPages(count);
        while (pool.free() < lacking) {
            Sequence youngest = running.removeLast();
            youngest.releasePages(pool);
            waiting.addFirst(youngest);
            if (youngest == sequence) {
                return false;
            }
        }
        sequence.takePages(pool, lacking);
        return true;
    }

    private void compute() {
        if (sampled.isEmpty()) {
            pass.run();
            sealPages();
            return;
        }
        int count = sampled.size();
        FloatMatrix logits = pass.logits(Arrays.copyOf(sampledRows, count));
        sealPages();
        @Nullable Choice[] choices = new Choice[count];
        @Nullable LlmException[] problems = new LlmException[count];
        if (count == 1) {
            choose(0, logits, choices, problems);
        } else {
            workers.run(count, (tile, worker) -> choose(tile, logits, choices, problems));
        }
        for (int i = 0; i < count; i++) {
            take(sampled.get(i), choices[i], problems[i]);
        }
    }

    private void sealPages() {
        for (Sequence sequence : planned) {
            sequence.sealPages(pool);
        }
    }

    private void choose(
            int i,
            FloatMatrix logits,
            @Nullable Choice[] choices,
            @Nullable LlmException[] problems) {
        try {
            choices[i] = sampled.get(i).sampler().choose(kernels, logits, i);
        } catch (RuntimeException e) {
            problems[i] = Engine.problemOf(e);
        }
    }

    private void take(Sequence sequence, @Nullable Choice choice, @Nullable LlmException problem) {
        try {
            if (problem != null) {
                sequence.fail(problem);
            } else if (choice != null) {
                counters.answerTokens().incrementAndGet();
                if (sequence.take(choice) && sequence.mustShift()) {
                    sequence.shift(pool);
                }
            }
        } catch (RuntimeException e) {
            sequence.fail(Engine.problemOf(e));
        }
    }

    @Override
    public void fail(LlmException problem, boolean all) {
        // A failure before anything was planned would come again and again.
        boolean everything = all || planned.isEmpty();
        for (Sequence sequence : everything ? running : planned) {
            sequence.fail(problem);
        }
        if (everything) {
            waiting.forEach(sequence -> sequence.fail(problem));
        }
        dropFinished();
    }

    @Override
    public EngineCounters counters() {
        return counters;
    }
}
