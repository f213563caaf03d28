package dev.jebena.tokenizers.internal;

import java.nio.charset.StandardCharsets;

/// WordPiece: the longest token that begins a word, then the longest that continues it, and so on.
/// A word that cannot be spelled becomes the unknown token.
final class WordPieceModel implements WordModel {
    private final Vocabulary vocabulary;
    private final byte[] wordPrefix;
    private final byte[] partPrefix;
    private final int unknown;
    private final int longestWord;

    /// @param wordPrefix what the vocabulary puts before tokens that begin a word
    /// @param partPrefix what it puts before tokens that continue one (`##`)
    /// @param longestWord words of more characters are unknown
    WordPieceModel(
            Vocabulary vocabulary,
            String wordPrefix,
            String partPrefix,
            int unknown,
            int longestWord) {
        this.vocabulary = vocabulary;
        this.wordPrefix = wordPrefix.getBytes(StandardCharsets.UTF_8);
        this.partPrefix = partPrefix.getBytes(StandardCharsets.UTF_8);
        this.unknown = unknown;
        this.longestWord = longestWord;
    }

    @Override
    public void encode(byte[] text, int from, int to, Symbols work, Ids out) {
        int before = out.size();
        boolean known = characters(text, from, to) <= longestWord;
        byte[] word = new byte[wordPrefix.length + to - from];
        System.arraycopy(wordPrefix, 0, word, 0, wordPrefix.length);
        System.arraycopy(text, from, word, wordPrefix.length, to - from);
        int at = 0;
        while (known && at < word.length) {
            int length = longestPart(word, at, from - wordPrefix.length, out);
            known = length > 0;
            at += length;
        }
        if (!known) {
            out.truncate(before);
            if (unknown >= 0) {
                out.add(unknown, from, to);
            }
        }
    }

    /// Appends the longest token at `word[at]`; how many bytes of the word it takes, 0 for none.
    ///
    /// @param shift where the word lies in its text
    private int longestPart(byte[] word, int at, int shift, Ids out) {
        int prefix = at == 0 ? 0 : partPrefix.length;
        int most = Math.min(word.length - at, vocabulary.longest() - prefix);
        byte[] key = word;
        int start = at;
        if (prefix > 0) {
            key = new byte[prefix + Math.max(0, most)];
            System.arraycopy(partPrefix, 0, key, 0, prefix);
            System.arraycopy(word, at, key, prefix, key.length - prefix);
            start = 0;
        }
        for (int length = most; length > 0; length--) {
            int id = vocabulary.find(key, start, start + prefix + length);
            if (id >= 0) {
                int first = Math.max(at, wordPrefix.length) + shift;
                out.add(id, first, Math.max(first, at + length + shift));
                return length;
            }
        }
        return 0;
    }

    private static int characters(byte[] text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += (text[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }
}
