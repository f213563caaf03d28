package dev.jebena.llm.internal.engine;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.model.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/// A smaller model that guesses how sequences go on. It keeps keys and values of its own for each
/// of them; those of guesses that were wrong are overwritten. For the engine's thread.
public final class DraftModel {
    /// How often a guess is right before there is experience, and how many trials that counts.
    private static final double EXPECTED = 0.7;

    private static final double EXPECTATION = 8;

    /// When there is more experience than this, older experience counts half.
    private static final double MEMORY = 256;

    /// Steps without guesses after which it is tried again whether they pay.
    private static final int FIRST_PAUSE = 64;

    private static final int LONGEST_PAUSE = 4096;

    /// What it knows of a sequence: pages, and tokens computed.
    private static final class Past {
        private long[] pages = {};
        private int count;
        private int computed;
    }

    private final Pass pass;
    private final KvPool kv;
    private final Kernels kernels;
    private final int context;
    private final int batchRows;
    private final StepTimes times;
    private final IdentityHashMap<Sequence, Past> pasts = new IdentityHashMap<>();
    private double right;
    private double trials;
    private int idle;
    private int pause = FIRST_PAUSE;

    /// @param context positions of a sequence that it can compute
    /// @param batchRows rows of a pass at most
    public DraftModel(
            Pass pass, KvPool kv, Kernels kernels, int context, int batchRows, int maxSequences) {
        this.pass = pass;
        this.kv = kv;
        this.kernels = kernels;
        this.context = context;
        this.batchRows = batchRows;
        this.times = new StepTimes(maxSequences);
    }

    /// Probability that a guess is right if those before it are.
    double probability() {
        return (right + EXPECTATION * EXPECTED) / (trials + EXPECTATION);
    }

    /// Expected seconds of guessing one token for each of `sequences`; 0 when not known.
    double seconds(int sequences) {
        return times.expected(sequences, sequences)[0];
    }

    /// Notes that guesses do not seem to pay in this step. Whether to try all the same.
    boolean rest() {
        idle++;
        if (idle < pause) {
            return false;
        }
        idle = 0;
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        return true;
    }

    /// Notes that guesses pay.
    void pays() {
        idle = 0;
        pause = FIRST_PAUSE;
    }

    /// Notes whether a guess was right, those before it having been.
    void learn(boolean correct) {
        trials++;
        right += correct ? 1 : 0;
        if (trials > MEMORY) {
            trials /= 2;
            right /= 2;
        }
    }

    /// Guesses up to `count` tokens of each sequence that is known up to its last tokens; of the
    /// others it reads more.
    void guess(List<Sequence> sequences, int count) {
        List<Sequence> open = read(sequences);
        for (int i = 1; i < count && !open.isEmpty(); i++) {
            pass.clear();
            int guessed = i;
            open.removeIf(each -> !each.guesses().open() || !add(each, guessed, 1));
            if (!open.isEmpty()) {
                choose(open, lastRows(open.size()), i);
            }
        }
    }

    private static int[] lastRows(int count) {
        int[] rows = new int[count];
        Arrays.setAll(rows, i -> i);
        return rows;
    }

    /// Computes what it has not yet seen, and the first guess where that is all.
    private List<Sequence> read(List<Sequence> sequences) {
        pass.clear();
        List<Sequence> caughtUp = new ArrayList<>();
        int[] rows = new int[sequences.size()];
        for (Sequence sequence : sequences) {
            sequence.guesses().beginDraft();
            Past past = pasts.computeIfAbsent(sequence, _ -> new Past());
            int lacking = sequence.length() - past.computed;
            int more = Math.min(lacking, batchRows - pass.rows());
            if (more > 0 && add(sequence, 0, more) && more == lacking) {
                rows[caughtUp.size()] = pass.rows() - 1;
                caughtUp.add(sequence);
            }
        }
        if (!caughtUp.isEmpty()) {
            choose(caughtUp, Arrays.copyOf(rows, caughtUp.size()), 0);
        } else if (pass.rows() > 0) {
            pass.run();
        }
        return caughtUp;
    }

    /// Adds rows of a sequence that begin where it has been computed to. Not where there is no
    /// room.
    private boolean add(Sequence sequence, int guessed, int count) {
        Past past = pasts.get(sequence);
        if (past == null
                || past.computed + count > Math.min(context, sequence.length() + guessed)) {
            return false;
        }
        int pages = kv.pagesFor(past.computed + count);
        while (past.count < pages) {
            if (kv.untakenPages() == 0) {
                return false;
            }
            if (past.count == past.pages.length) {
                past.pages = Arrays.copyOf(past.pages, Math.max(4, 2 * past.count));
            }
            past.pages[past.count++] = kv.take();
        }
        pass.add(sequence.tokens(), past.computed, count, past.pages);
        past.computed += count;
        return true;
    }

    private void choose(List<Sequence> sequences, int[] rows, int ahead) {
        long began = System.nanoTime();
        FloatMatrix logits = pass.logits(rows);
        for (int i = 0; i < rows.length; i++) {
            sequences.get(i).draft(kernels, logits, i, ahead);
        }
        if (pass.rows() == rows.length) {
            times.decoded(rows.length, (System.nanoTime() - began) / 1e9);
        }
    }

    /// The sequence has `length` tokens now, guesses that were wrong not among them.
    void settle(Sequence sequence) {
        Past past = pasts.get(sequence);
        if (past != null) {
            past.computed = Math.min(past.computed, sequence.length() - 1);
        }
    }

    /// Forgets a sequence.
    void release(Sequence sequence) {
        Past past = pasts.remove(sequence);
        if (past != null) {
            for (int i = past.count - 1; i >= 0; i--) {
                kv.release(past.pages[i]);
            }
        }
    }
}
