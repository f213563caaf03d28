package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// The Unigram language model (Kudo 2018): of all ways to spell a word the one whose tokens have
/// the highest sum of scores, found by dynamic programming from left to right. A character that is
/// no token is unknown, at a score below all others.
final class UnigramModel implements WordModel {
    static final float UNKNOWN_PENALTY = 10;

    private final ByteTrie trie;
    private final double[] scores;
    private final Options options;
    private final int[] idOfByte = new int[256];
    private final boolean bytes;
    private final WordCache words = new WordCache(this::compute);

    /// @param unknown id for what cannot be spelled otherwise, or -1 to leave it out
    /// @param byteFallback unknown characters become the tokens of their bytes
    /// @param singlePrecision sums in 32 bits, as SentencePiece does, which decides between
    ///   spellings that are as good
    /// @param unknownScore of a character that is no token: [#UNKNOWN_PENALTY] below the lowest
    ///   score
    record Options(
            int unknown, boolean byteFallback, boolean singlePrecision, double unknownScore) {}

    /// @param scores by id
    /// @param included the tokens that text is spelled with
    UnigramModel(Vocabulary vocabulary, double[] scores, IntPredicate included, Options options) {
        this.trie = ByteTrie.of(vocabulary, included);
        this.scores = scores.clone();
        this.options = options;
        boolean all = options.byteFallback;
        for (int b = 0; b < 256; b++) {
            idOfByte[b] = vocabulary.find(String.format("<0x%02X>", b));
            all &= idOfByte[b] >= 0;
        }
        bytes = all;
    }

    @Override
    public void encode(byte[] text, int from, int to, Symbols work, Ids out) {
        words.encode(text, from, to, work, out);
    }

    private void compute(byte[] text, int from, int to, Symbols work, Ids out) {
        emit(text, from, best(text, from, to), out);
    }

    /// The best spelling of everything up to each place: for place `i` the id of its last token at
    /// `2 * i` (-1 for an unknown character) and where that begins at `2 * i + 1`.
    private int[] best(byte[] text, int from, int to) {
        int length = to - from;
        int[] best = new int[2 * length + 2];
        double[] sums = new double[length + 1];
        Arrays.fill(sums, Double.NEGATIVE_INFINITY);
        sums[0] = 0;
        int at = 0;
        while (at < length) {
            int character = Math.min(length - at, CodePoints.length(text[from + at]));
            boolean single = false;
            int node = 0;
            for (int i = at; i < length; i++) {
                node = trie.child(node, text[from + i]);
                if (node < 0) {
                    break;
                }
                int id = trie.token(node);
                if (id >= 0) {
                    single = single || i + 1 - at == character;
                    offer(sums, best, at, i + 1, scores[id], id);
                }
            }
            if (!single) {
                offer(sums, best, at, at + character, options.unknownScore, -1);
            }
            at += character;
        }
        return best;
    }

    private void offer(double[] sums, int[] best, int from, int to, double score, int id) {
        double exact = sums[from] + score;
        double sum = options.singlePrecision ? (float) exact : exact;
        if (sum > sums[to]) {
            sums[to] = sum;
            best[2 * to] = id;
            best[2 * to + 1] = from;
        }
    }

    private void emit(byte[] text, int from, int[] best, Ids out) {
        int[] ends = path(best);
        int begin = 0;
        boolean wasUnknown = false;
        for (int end : ends) {
            int id = best[2 * end];
            boolean unknown = id < 0 || id == options.unknown;
            if (!unknown) {
                out.add(id, from + begin, from + end);
            } else if (bytes && id < 0) {
                for (int i = begin; i < end; i++) {
                    out.add(idOfByte[text[from + i] & 0xFF], from + begin, from + end);
                }
            } else if (options.unknown >= 0 && wasUnknown) {
                out.extend(from + end);
            } else if (options.unknown >= 0) {
                out.add(options.unknown, from + begin, from + end);
            }
            wasUnknown = unknown;
            begin = end;
        }
    }

    /// The ends of the best spelling's tokens, in order.
    private static int[] path(int[] best) {
        int last = best.length / 2 - 1;
        int count = 0;
        for (int at = last; at > 0; at = best[2 * at + 1]) {
            count++;
        }
        int[] ends = new int[count];
        for (int at = last; at > 0; at = best[2 * at + 1]) {
            ends[--count] = at;
        }
        return ends;
    }
}
