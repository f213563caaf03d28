package dev.jebena.llm.internal.engine;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.Workers;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import dev.jebena.llm.internal.sampling.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Continuous batching: each step computes one token of every answer under way, with guesses how
/// they go on where those pay, and with what room is left pieces of prompts. While answers are
/// being written that room is small enough for them to flow.
///
/// Pages of the cache are taken as tokens need them. When none is free the youngest sequence of
/// those with the highest priority number gives all of its pages back and waits; it is computed
/// again later, to the same bits. So the first in order always gets on, and as the pool holds at
/// least one whole context, every request ends.
public final class GenerationScheduler implements Scheduler<Sequence> {
    private static final Comparator<Sequence> ORDER =
            Comparator.comparingInt(Sequence::priority).thenComparingLong(Sequence::arrival);

    private final EngineCounters counters = new EngineCounters();
    private final Pass pass;
    private final Kernels kernels;
    private final Workers workers;
    private final PrefixTree pool;
    private final SessionStore sessions;
    private final int batchTokens;
    private final int maxSequences;
    private final StepTimes times;
    private final @Nullable DraftModel draft;
    private final FairQueue waiting = new FairQueue();
    // In order of priority, and within one of arrival.
    private final List<Sequence> running = new ArrayList<>();
    private final List<Sequence> planned = new ArrayList<>();
    private final List<Sequence> sampled = new ArrayList<>();
    private int[] sampledRows = {};
    // Where the rows of the n-th sampled sequence begin among the sampled rows.
    private int[] firstSampled = {};
    private int sampledCount;
    private long arrivals;

    /// @param keptPages pages at most that are kept for later when no sequence uses them
    /// @param draft a model that guesses tokens for this one, or null
    public GenerationScheduler(
            Pass pass,
            Kernels kernels,
            Workers workers,
            KvPool pool,
            int keptPages,
            int batchTokens,
            int maxSequences,
            @Nullable DraftModel draft) {
        this.draft = draft;
        this.pass = pass;
        this.kernels = kernels;
        this.workers = workers;
        this.pool = new PrefixTree(pool, keptPages);
        this.sessions = new SessionStore(this.pool, pool);
        this.batchTokens = Math.max(batchTokens, maxSequences);
        this.maxSequences = maxSequences;
        this.times = new StepTimes(sampledRows(maxSequences));
    }

    /// Saves and restores what has been computed.
    public SessionStore sessions() {
        return sessions;
    }

    /// Rows at most of one step whose logits are computed.
    public static int sampledRows(int maxSequences) {
        return maxSequences + Speculation.MOST_ROWS;
    }

    @Override
    public void accept(Sequence request) {
        request.arrival(arrivals++);
        waiting.add(request);
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

    /// Removes the sequences that are over, late, or that nobody reads any more.
    private void dropFinished() {
        long now = System.nanoTime();
        waiting.removeIf(sequence -> isOver(sequence, now));
        running.removeIf(sequence -> {
            boolean over = isOver(sequence, now);
            if (over) {
                release(sequence);
            }
            return over;
        });
        count();
    }

    private void release(Sequence sequence) {
        sequence.releasePages(pool);
        if (draft != null) {
            draft.release(sequence);
        }
    }

    private static boolean isOver(Sequence sequence, long now) {
        sequence.checkTime(now);
        return sequence.stream().over();
    }

    private void count() {
        counters.running().set(running.size());
        counters.waiting().set(waiting.size());
    }

    /// Lets waiting sequences in, in turn, while there are pages for all of their tokens and one
    /// more, beyond those that running ones still need for theirs.
    private void admit() {
        int spare = pool.free();
        for (Sequence sequence : running) {
            spare -= sequence.lackingPages(pool, sequence.remaining() + 1);
        }
        while (running.size() < maxSequences) {
            Sequence next = waiting.next(running);
            if (next == null) {
                break;
            }
            int needed = next.lackingPages(pool, next.remaining() + 1);
            if (needed > spare && !running.isEmpty()) {
                break;
            }
            spare -= needed;
            waiting.remove(next);
            insert(next);
            int cached = next.adoptPages(pool);
            counters.cachedTokens().addAndGet(cached);
            next.stream().start(cached);
        }
        count();
    }

    private void insert(Sequence sequence) {
        int at = running.size();
        while (at > 0 && ORDER.compare(running.get(at - 1), sequence) > 0) {
            at--;
        }
        running.add(at, sequence);
    }

    /// Chooses the rows of the step and gets them pages.
    private void plan() {
        pass.clear();
        sampled.clear();
        sampledCount = 0;
        if (firstSampled.length == 0) {
            firstSampled = new int[maxSequences];
            sampledRows = new int[sampledRows(maxSequences)];
        }
        int decoding = 0;
        for (Sequence sequence : running) {
            decoding += sequence.remaining() == 1 ? 1 : 0;
        }
        int room = batchTokens - decoding;
        if (decoding == running.size()) {
            Speculation.plan(running, times, room, draft);
        }
        int most = Math.min(room, times.promptRows(decoding > 0, batchTokens));
        int[] counts = PromptShares.of(running, most);
        // Victims are taken from the list's end, so those planned before are safe.
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            int rows = counts[i] + sequence.guessed();
            if (pool.free() < sequence.lackingPages(pool, rows)) {
                sequence.guess(0);
                rows = counts[i];
            }
            if (rows > 0 && getPages(sequence, rows)) {
                add(sequence, rows);
            }
        }
        count();
    }

    private void add(Sequence sequence, int count) {
        int last =
                pass.add(
                        sequence.tokens(),
                        sequence.computed(),
                        count,
                        sequence.pages(),
                        sequence.adapters());
        planned.add(sequence);
        int guessed = sequence.guessed();
        if (count == sequence.remaining() + guessed) {
            firstSampled[sampled.size()] = sampledCount;
            sampled.add(sequence);
            for (int row = last - guessed; row <= last; row++) {
                sampledRows[sampledCount++] = row;
            }
        }
        counters.promptTokens().addAndGet(sequence.advance(count));
    }

    /// Whether the sequence has pages for `count` more tokens; if not, it has been put back.
    private boolean getPages(Sequence sequence, int count) {
        int lacking = sequence.lackingPages(pool, count);
        while (pool.free() < lacking) {
            Sequence youngest = running.removeLast();
            release(youngest);
            waiting.putBack(youngest);
            counters.preemptions().incrementAndGet();
            if (youngest == sequence) {
                return false;
            }
        }
        sequence.takePages(pool, lacking);
        return true;
    }

    private void compute() {
        long began = System.nanoTime();
        if (sampled.isEmpty()) {
            pass.run();
        } else {
            FloatMatrix logits = pass.logits(Arrays.copyOf(sampledRows, sampledCount));
            choose(logits);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        if (pass.rows() == sampledCount) {
            times.decoded(sampledCount, seconds);
        } else {
            times.prompted(pass.rows(), seconds);
        }
        counters.computes(pass.rows());
        planned.forEach(sequence -> sequence.sealPages(pool));
    }

    private void choose(FloatMatrix logits) {
        int count = sampled.size();
        List<@Nullable List<Choice>> choices =
                new ArrayList<>(Collections.nCopies(count, (List<Choice>) null));
        @Nullable LlmException[] problems = new LlmException[count];
        if (count == 1) {
            choose(0, logits, choices, problems);
        } else {
            workers.run(count, (tile, worker) -> choose(tile, logits, choices, problems));
        }
        for (int i = 0; i < count; i++) {
            take(sampled.get(i), choices.get(i), problems[i]);
        }
    }

    private void choose(
            int i,
            FloatMatrix logits,
            List<@Nullable List<Choice>> choices,
            @Nullable LlmException[] problems) {
        try {
            choices.set(i, sampled.get(i).choose(kernels, logits, firstSampled[i]));
        } catch (RuntimeException e) {
            problems[i] = Engine.problemOf(e);
        }
    }

    private void take(
            Sequence sequence, @Nullable List<Choice> choices, @Nullable LlmException problem) {
        try {
            if (problem != null) {
                sequence.fail(problem);
            } else if (choices != null) {
                int guessed = sequence.guessed();
                int taken = sequence.take(choices);
                counters.answerTokens().addAndGet(taken);
                learn(sequence, guessed, taken);
                if (!sequence.stream().over() && sequence.mustShift()) {
                    release(sequence);
                    sequence.shift();
                }
            }
        } catch (RuntimeException e) {
            sequence.fail(Engine.problemOf(e));
        }
    }

    private void learn(Sequence sequence, int guessed, int taken) {
        if (guessed > 0) {
            counters.drafts().incrementAndGet();
            counters.draftTokens().addAndGet(guessed);
            counters.acceptedTokens().addAndGet(taken - 1);
        }
        if (draft != null) {
            for (int i = 0; sequence.guesses().drafted() && i < Math.min(guessed, taken); i++) {
                draft.learn(i < taken - 1);
            }
            draft.settle(sequence);
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
            waiting.failAll(problem);
        }
        dropFinished();
    }

    @Override
    public EngineCounters counters() {
        return counters;
    }
}
