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
        int at = from;
        while (known && at < to) {
            byte[] prefix = at == from ? wordPrefix : partPrefix;
            int end = Math.min(to, at + vocabulary.longest() - prefix.length);
            byte[] key = new byte[prefix.length + Math.max(0, end - at)];
            System.arraycopy(prefix, 0, key, 0, prefix.length);
            System.arraycopy(text, at, key, prefix.length, key.length - prefix.length);
            int length = key.length;
            int id = -1;
            while (length > prefix.length && id < 0) {
                id = vocabulary.find(key, 0, length--);
            }
            known = id >= 0;
            if (known) {
                out.add(id);
                at += length + 1 - prefix.length;
            }
        }
        if (!known) {
            out.truncate(before);
            if (unknown >= 0) {
                out.add(unknown);
            }
        }
    }

    private static int characters(byte[] text, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += (text[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return count;
    }
}
