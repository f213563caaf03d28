package dev.jebena.llm.internal.sampling;

import dev.jebena.llm.Sampling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Makes tokens less likely that would lengthen a repetition; see [Sampling.Dry]. A repetition does
/// not reach back beyond the last breaker of the text.
final class DryPenalty {
    private final Sampling.Dry options;
    private final DryBreakers breakers;
    private int[] tokens = new int[256];
    private int size;

    DryPenalty(Sampling.Dry options, DryBreakers breakers, int[] prompt) {
        this.options = options;
        this.breakers = breakers;
        for (int id : prompt) {
            add(id);
        }
    }

    void add(int id) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        tokens[size++] = id;
    }

    void apply(float[] logits, int count) {
        lengths()
                .forEach((id, length) -> {
                    if (id < count && !breakers.isBreaker(id)) {
                        logits[id] -= penalty(length);
                    }
                });
    }

    private float penalty(int length) {
        int excess = length - options.allowedLength();
        if (options.base() > 1.000001f) {
            // Beyond it the power is no float any more.
            int most = (int) (Math.log(Float.MAX_VALUE) / Math.log(options.base()));
            excess = Math.min(excess, most);
        }
        return (float) (options.multiplier() * Math.pow(options.base(), excess));
    }

    /// For each token that would lengthen a repetition of at least the allowed length, that length:
    /// of the longest end of the text that stands somewhere before the token as well.
    Map<Integer, Integer> lengths() {
        int window = options.window() < 0 ? size : Math.min(size, options.window());
        Map<Integer, Integer> longest = new HashMap<>();
        if (window <= options.allowedLength()) {
            return longest;
        }
        int limit = breakers.tokensAfterLast(tokens, size, window);
        if (limit < options.allowedLength()) {
            return longest;
        }
        int[] common = commonEnds(window);
        for (int i = 1; i < window; i++) {
            int length = Math.min(common[i], limit);
            if (length >= options.allowedLength()) {
                longest.merge(tokens[size - i], length, Math::max);
            }
        }
        return longest;
    }

    /// For each i how many tokens the text has in common with itself without its last i tokens,
    /// from the end backwards within the window (the Z function of the reversed text).
    private int[] commonEnds(int window) {
        int[] z = new int[window];
        int left = 0;
        int right = 0;
        for (int i = 1; i < window; i++) {
            int length = i < right ? Math.min(right - i, z[i - left]) : 0;
            while (i + length < window
                    && tokens[size - 1 - length] == tokens[size - 1 - i - length]) {
                length++;
            }
            z[i] = length;
            if (i + length > right) {
                left = i;
                right = i + length;
            }
        }
        return z;
    }
}
