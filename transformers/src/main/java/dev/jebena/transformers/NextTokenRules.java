package dev.jebena.transformers;

import java.util.List;

/// Changes the scores of the next token of an answer by what the options allow.
final class NextTokenRules {
    private final WritingOptions options;
    private final int[] text;
    private final int[] ends;
    private final List<int[]> badWords;
    private final int[] suppressed;

    /// @param text the tokens that were read
    NextTokenRules(WritingOptions options, int[] text) {
        this.options = options;
        this.text = text;
        this.ends = options.ends();
        this.badWords = options.badWords();
        this.suppressed = options.suppressed();
    }

    /// @param written the answer so far, with the token it begins with
    void apply(int[] written, float[] scores) {
        penalize(written, scores);
        forbidRepeats(written, written, options.noRepeat(), scores);
        forbidRepeats(text, written, options.noRepeatOfText(), scores);
        for (int[] word : badWords) {
            if (word.length > 0 && endsWith(written, word, word.length - 1)) {
                forbid(word[word.length - 1], scores);
            }
        }
        if (written.length < options.minLength()) {
            for (int end : ends) {
                forbid(end, scores);
            }
        }
        if (written.length == 1 && options.forcedFirst() >= 0) {
            force(options.forcedFirst(), scores);
        }
        if (written.length == options.maxLength() - 1 && options.forcedLast() >= 0) {
            force(options.forcedLast(), scores);
        }
        for (int token : suppressed) {
            forbid(token, scores);
        }
    }

    private void penalize(int[] written, float[] scores) {
        float penalty = (float) options.repetitionPenalty();
        if (penalty == 1) {
            return;
        }
        boolean[] seen = new boolean[scores.length];
        for (int token : written) {
            if (!seen[token]) {
                seen[token] = true;
                scores[token] =
                        scores[token] < 0 ? scores[token] * penalty : scores[token] / penalty;
            }
        }
    }

    /// Forbids what would end a group of tokens that `source` has already.
    private static void forbidRepeats(int[] source, int[] written, int size, float[] scores) {
        if (size <= 0 || written.length < size - 1) {
            return;
        }
        int tail = written.length - (size - 1);
        for (int i = 0; i + size <= source.length; i++) {
            boolean same = true;
            for (int k = 0; same && k < size - 1; k++) {
                same = source[i + k] == written[tail + k];
            }
            if (same) {
                forbid(source[i + size - 1], scores);
            }
        }
    }

    private static boolean endsWith(int[] written, int[] word, int length) {
        int from = written.length - length;
        boolean same = from >= 0;
        for (int i = 0; same && i < length; i++) {
            same = written[from + i] == word[i];
        }
        return same;
    }

    private static void forbid(int token, float[] scores) {
        if (token >= 0 && token < scores.length) {
            scores[token] = Float.NEGATIVE_INFINITY;
        }
    }

    private static void force(int token, float[] scores) {
        java.util.Arrays.fill(scores, Float.NEGATIVE_INFINITY);
        if (token < scores.length) {
            scores[token] = 0;
        }
    }
}
