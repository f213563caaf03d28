package dev.jebena.llm.internal.engine;

import java.util.List;

/// Decides how many guessed tokens the next step checks: as many as make tokens come fastest, by
/// the guesses' probabilities and what steps have cost.
final class Speculation {
    /// Rows at most that a step adds for guesses.
    static final int MOST_ROWS = 16;

    /// Expected gain that is worth a try.
    private static final double WORTH_IT = 1.03;

    private Speculation() {}

    /// Sets the number of guesses of each of the sequences, which all need one row without.
    ///
    /// @param room rows at most that the step has for guesses
    static void plan(List<Sequence> sequences, StepTimes times, int room) {
        double[] next = new double[sequences.size()];
        int[] counts = new int[sequences.size()];
        boolean any = false;
        for (int i = 0; i < next.length; i++) {
            sequences.get(i).lookAhead();
            next[i] = sequences.get(i).guesses().probability();
            any |= next[i] > 0;
        }
        int limit = Math.min(room, MOST_ROWS);
        if (!any || limit < 1) {
            return;
        }
        int rows = next.length;
        double[] seconds = times.expected(rows, rows + limit);
        double tokens = rows;
        double bestRate = WORTH_IT * rows / cost(seconds, 0);
        int[] best = counts.clone();
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
            double rate = tokens / cost(seconds, added);
            if (rate > bestRate) {
                bestRate = rate;
                best = counts.clone();
            }
        }
        for (int i = 0; i < best.length; i++) {
            sequences.get(i).guess(best[i]);
        }
    }

    /// Nothing is known before the first step, when any cost is as good as another.
    private static double cost(double[] seconds, int added) {
        return seconds[added] > 0 ? seconds[added] : 1;
    }

    private static int likeliest(double[] probabilities) {
        int best = 0;
        for (int i = 1; i < probabilities.length; i++) {
            best = probabilities[i] > probabilities[best] ? i : best;
        }
        return best;
    }
}
