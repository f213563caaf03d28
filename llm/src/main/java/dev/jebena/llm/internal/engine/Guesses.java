package dev.jebena.llm.internal.engine;

/// Guessed next tokens of one sequence, and how often such guesses have been right: the more tokens
/// agree with an earlier place in the text, the better. The first guess is compared with what comes
/// even where nobody acted on it, so experience costs nothing.
final class Guesses {
    /// How often guesses are right before there is experience, by kind.
    private static final double[] EXPECTED = {0.3, 0.45, 0.6, 0.8};

    /// As many trials as the expectation counts.
    private static final double EXPECTATION = 4;

    /// When there is more experience than this, older experience counts half.
    private static final double MEMORY = 32;

    private final PromptLookup lookup = new PromptLookup();
    private final double[] right = new double[EXPECTED.length];
    private final double[] trials = new double[EXPECTED.length];
    private final int[] guess;
    private int known;
    private int kind;
    private double probability;

    /// @param most tokens at most that are guessed at once
    Guesses(int most) {
        this.guess = new int[most];
    }

    /// Looks how the tokens may go on.
    void look(int[] tokens, int length) {
        known = 0;
        probability = 0;
        int next = guess.length == 0 ? -1 : lookup.find(tokens, length);
        if (next < 0) {
            return;
        }
        int agreement = PromptLookup.agreement(tokens, length, next);
        kind = agreement < 4 ? 0 : agreement < 6 ? 1 : agreement < 10 ? 2 : 3;
        probability = (right[kind] + EXPECTATION * EXPECTED[kind]) / (trials[kind] + EXPECTATION);
        for (int period = length - next; known < guess.length; known++) {
            guess[known] = known < period ? tokens[next + known] : guess[known - period];
        }
    }

    /// Probability that a guess is right if those before it are.
    double probability() {
        return probability;
    }

    /// Guessed tokens.
    int known() {
        return known;
    }

    int token(int i) {
        return guess[i];
    }

    /// Forgets the guesses from `count` on.
    void limit(int count) {
        known = Math.min(known, count);
    }

    /// Notes whether the i-th guess, those before it having been right, was right too.
    void learn(int i, int chosen) {
        if (i >= known) {
            return;
        }
        trials[kind]++;
        right[kind] += guess[i] == chosen ? 1 : 0;
        if (trials[kind] > MEMORY) {
            trials[kind] /= 2;
            right[kind] /= 2;
        }
    }

    /// The tokens have moved.
    void clear() {
        lookup.clear();
        known = 0;
    }
}
