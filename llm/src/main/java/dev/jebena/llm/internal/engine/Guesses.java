package dev.jebena.llm.internal.engine;

import java.util.List;

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

    /// The kind of guesses that a draft model makes; it has its own experience.
    private static final int DRAFT = -1;

    /// The kind of guesses that are certain.
    private static final int CERTAIN = -2;

    private final PromptLookup lookup = new PromptLookup();
    private final double[] right = new double[EXPECTED.length];
    private final double[] trials = new double[EXPECTED.length];
    private final int[] guess;
    private int limit;
    private int known;
    private int kind;
    private double probability;

    /// @param most tokens at most that are guessed at once
    Guesses(int most) {
        this.guess = new int[most];
    }

    /// Looks how the tokens may go on.
    ///
    /// @param most guesses at most that are of use
    void look(int[] tokens, int length, int most) {
        known = 0;
        probability = 0;
        limit = Math.clamp(most, 0, guess.length);
        int next = limit == 0 ? -1 : lookup.find(tokens, length);
        if (next < 0) {
            return;
        }
        int agreement = PromptLookup.agreement(tokens, length, next);
        kind = agreement < 4 ? 0 : agreement < 6 ? 1 : agreement < 10 ? 2 : 3;
        probability = (right[kind] + EXPECTATION * EXPECTED[kind]) / (trials[kind] + EXPECTATION);
        for (int period = length - next; known < limit; known++) {
            guess[known] = known < period ? tokens[next + known] : guess[known - period];
        }
    }

    /// Takes tokens that will come.
    ///
    /// @param most guesses at most that are of use
    void follow(List<Integer> next, int most) {
        limit = Math.clamp(most, 0, guess.length);
        known = Math.min(limit, next.size());
        kind = CERTAIN;
        probability = known == 0 ? 0 : 1;
        for (int i = 0; i < known; i++) {
            guess[i] = next.get(i);
        }
    }

    /// Begins guesses by a draft model, which [#add] brings.
    void beginDraft() {
        known = 0;
        kind = DRAFT;
        probability = 0;
    }

    void add(int token) {
        guess[known++] = token;
    }

    /// No more of them.
    void stop() {
        limit = known;
    }

    /// Whether there is room for more of them, and the last one did not end the answer.
    boolean open() {
        return known > 0 && known < limit;
    }

    /// Whether a draft model made them.
    boolean drafted() {
        return kind == DRAFT;
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

    /// Guesses at most that are of use.
    int limit() {
        return limit;
    }

    /// Forgets the guesses from `count` on.
    void cut(int count) {
        known = Math.min(known, count);
        probability = known == 0 ? 0 : probability;
    }

    /// Notes whether the i-th guess, those before it having been right, was right too.
    void learn(int i, int chosen) {
        if (i >= known || kind < 0) {
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
