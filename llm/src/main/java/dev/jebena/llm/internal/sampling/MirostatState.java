package dev.jebena.llm.internal.sampling;

import dev.jebena.llm.Sampling;

/// Mirostat's limit on surprise, which follows the tokens of one answer (Basu et al., "Mirostat: a
/// neural text decoding algorithm that directly controls perplexity", 2021; algorithms 1 and 2).
final class MirostatState {
    /// Tokens from which the exponent of Zipf's law is estimated.
    private static final int ESTIMATED = 100;

    private static final double LN_2 = Math.log(2);

    private final Sampling.Mirostat options;
    private double limit;

    /// What the limit becomes if the token drawn last is taken.
    private double next;

    MirostatState(Sampling.Mirostat options) {
        this.options = options;
        this.limit = 2 * options.tau();
        this.next = limit;
    }

    /// Draws from `logits`, which are changed by the temperature.
    ///
    /// @return the place among the candidates
    int draw(
            Candidates candidates,
            float[] logits,
            int count,
            float largest,
            float temperature,
            double uniform) {
        for (int id = 0; id < count; id++) {
            logits[id] /= temperature;
        }
        float top = largest / temperature;
        if (options.version() == 1) {
            candidates.selectTop(logits, count, Math.min(ESTIMATED, count));
            int kept = kept(exponent(candidates), count);
            if (kept <= candidates.size()) {
                candidates.keep(kept);
            } else {
                candidates.selectTop(logits, count, kept);
            }
        } else {
            double mass = Distribution.mass(logits, count, top);
            // Surprise is log2(mass) - (logit - top) / ln 2.
            double threshold = top + Math.log(mass) - limit * LN_2;
            candidates.selectAbove(logits, count, (float) Math.min(top, threshold));
        }
        int place = Distribution.draw(candidates, 1, uniform);
        double surprise = -Distribution.logProbabilities(candidates)[place] / LN_2;
        next = limit - options.eta() * (surprise - options.tau());
        return place;
    }

    /// The exponent of Zipf's law that fits the likeliest tokens.
    private static double exponent(Candidates candidates) {
        double products = 0;
        double squares = 0;
        for (int i = 0; i + 1 < candidates.size(); i++) {
            double t = Math.log((i + 2.0) / (i + 1));
            double b = candidates.logit(i) - candidates.logit(i + 1);
            products += t * b;
            squares += t * t;
        }
        return squares == 0 ? 1 : products / squares;
    }

    /// The number of tokens whose expected surprise is the limit.
    private int kept(double exponent, int vocabulary) {
        double epsilon = exponent - 1;
        double share = epsilon * Math.pow(2, limit) / (1 - Math.pow(vocabulary, -epsilon));
        double kept = Math.pow(share, 1 / exponent);
        return kept >= 1 ? (int) Math.min(kept, vocabulary) : 1;
    }

    /// The token drawn last is part of the answer.
    void accept() {
        limit = next;
    }

    double limit() {
        return limit;
    }
}
