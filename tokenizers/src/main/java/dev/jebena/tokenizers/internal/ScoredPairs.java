package dev.jebena.tokenizers.internal;

/// Pairs of a vocabulary that has scores instead of merges (SentencePiece): two neighbours join
/// when their text is a token, the highest score first.
final class ScoredPairs implements Symbols.Pairs {
    private final Vocabulary vocabulary;
    private final float[] scores;

    ScoredPairs(Vocabulary vocabulary, float[] scores) {
        this.vocabulary = vocabulary;
        this.scores = scores;
    }

    @Override
    public long find(Symbols symbols, int left, int right) {
        int id = vocabulary.find(symbols.text, symbols.start[left], symbols.end[right]);
        return id < 0 ? Symbols.NONE : ((long) rank(scores[id]) << 32) | id;
    }

    /// Integers that order like scores, the highest first.
    private static int rank(float score) {
        int bits = Float.floatToIntBits(score + 0.0f);
        int ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF);
        return Math.min(~ordered, Integer.MAX_VALUE - 1);
    }
}
