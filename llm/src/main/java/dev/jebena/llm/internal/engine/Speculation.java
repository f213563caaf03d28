package dev.jebena.llm.internal.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides how many guessed tokens the next step checks, and who guesses them: as many as make
/// tokens come fastest, by the guesses' probabilities and what steps have cost.
final class Speculation {
    /// Rows at most that a step adds for guesses.
    static final int MOST_ROWS = 16;

    /// Expected gain that is worth a try.
    private static final double WORTH_IT = 1.1;

    /// Share of a step that a further row costs at least, whatever measurements say: to guess and
    /// to choose is work as well.
    private static final double LEAST_COST = 0.03;

    /// Guesses of a trial whether the draft model pays.
    private static final int TRIAL = 2;

    private final List<Sequence> sequences;
    private final int limit;
    private final double[] seconds;
    private double bestRate;

    /// @param sequences all of which need one row without guesses
    /// @param room rows at most that the step has for guesses
    private Speculation(List<Sequence> sequences, StepTimes times, int room) {
        this.sequences = sequences;
        this.limit = Math.clamp(room, 0, MOST_ROWS);
        this.seconds = times.expected(sequences.size(), sequences.size() + limit);
        this.bestRate = WORTH_IT * sequences.size() / cost(0);
    }

    /// Sets the number of guesses of each of the sequences, which all need one row without.
    ///
    /// @param room rows at most that the step has for guesses
    static void plan(
            List<Sequence> sequences, StepTimes times, int room, @Nullable DraftModel draft) {
        boolean any = false;
        int most = 0;
        for (Sequence sequence : sequences) {
            sequence.lookAhead();
            any |= sequence.guesses().known() > 0;
            most = Math.max(most, sequence.guesses().limit());
        }
        if (room < 1 || most == 0 || (!any && draft == null)) {
            return;
        }
        Speculation speculation = new Speculation(sequences, times, room);
        int[] found = any ? speculation.found() : new int[sequences.size()];
        int drafted = draft == null ? 0 : speculation.drafted(draft, most);
        if (draft != null && drafted > 0) {
            draft.guess(List.copyOf(sequences), drafted);
        } else {
            for (int i = 0; i < found.length; i++) {
                sequences.get(i).guess(found[i]);
            }
        }
    }

    /// The best number of guesses that were found in each text, the likeliest ones first.
    private int[] found() {
        double[] next = new double[sequences.size()];
        Arrays.setAll(next, i -> sequences.get(i).guesses().probability());
        int[] counts = new int[next.length];
        int[] best = counts.clone();
        double tokens = next.length;
        for (int added = 1; added <= limit; added++) {
            int likeliest = likeliest(next);
            if (next[likeliest] == 0) {
                break;
            }
            tokens += next[likeliest];
            counts[likeliest]++;
            Guesses guesses = sequences.get(likeliest).guesses();
            boolean more = counts[likeliest] < guesses.known();
            next[likeliest] *= more ? guesses.probability() : 0;
            double rate = tokens / cost(added);
            if (rate > bestRate) {
                bestRate = rate;
                best = counts.clone();
            }
        }
        return best;
    }

    /// The best number of guesses of the draft model for each sequence; 0 where what was found, or
    /// no guess at all, is better.
    private int drafted(DraftModel draft, int most) {
        int count = sequences.size();
        int longest = Math.min(most, limit / count);
        double gain = 0;
        double likely = 1;
        int best = 0;
        for (int n = 1; n <= longest; n++) {
            likely *= draft.probability();
            gain += likely;
            double rate = count * (1 + gain) / (cost(n * count) + n * draft.seconds(count));
            if (rate > bestRate) {
                bestRate = rate;
                best = n;
            }
        }
        if (best > 0) {
            draft.pays();
            return best;
        }
        return longest > 0 && draft.rest() ? Math.min(TRIAL, longest) : 0;
    }

    /// Nothing is known before the first step, when any cost is as good as another.
    private double cost(int added) {
        double base = seconds[0] > 0 ? seconds[0] : 1;
        return Math.max(seconds[added], base * (1 + LEAST_COST * added));
    }

    private static int likeliest(double[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }
}
