package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Reads merges that are spelled `left right`, best first.
final class MergeReader {
    private final Vocabulary vocabulary;
    private final byte[] pair;

    private MergeReader(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.pair = new byte[2 * vocabulary.longest()];
    }

    /// A merge whose parts or product are not in the vocabulary can never apply; it is left out.
    static MergeTable read(List<String> merges, Vocabulary vocabulary) {
        MergeReader reader = new MergeReader(vocabulary);
        MergeTable table = new MergeTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            int space = merge.indexOf(' ', 1);
            if (space < 0) {
                throw new TokenizerException(
                        "merge "
                                + rank
                                + ": expected two parts with a space between them, found '"
                                + merge
                                + "'");
            }
            reader.read(merge, space, rank, table);
        }
        return table;
    }

    private void read(String merge, int space, int rank, MergeTable table) {
        if (merge.length() > pair.length + 1) {
            return;
        }
        int middle;
        int end;
        if (vocabulary.byteLevel()) {
            middle = bytes(merge, 0, space, 0);
            end = middle < 0 ? -1 : bytes(merge, space + 1, merge.length(), middle);
        } else {
            byte[] left = merge.substring(0, space).getBytes(StandardCharsets.UTF_8);
            byte[] right = merge.substring(space + 1).getBytes(StandardCharsets.UTF_8);
            if (left.length + right.length > pair.length) {
                return;
            }
            System.arraycopy(left, 0, pair, 0, left.length);
            System.arraycopy(right, 0, pair, left.length, right.length);
            middle = left.length;
            end = middle + right.length;
        }
        if (end < 0) {
            return;
        }
        int product = vocabulary.find(pair, 0, end);
        int left = vocabulary.find(pair, 0, middle);
        int right = vocabulary.find(pair, middle, end);
        if ((product | left | right) >= 0) {
            table.put(rank, left, right, product);
        }
    }

    /// Puts the bytes that `merge[from, to)` spells at `pair[at]`; where they end, or -1.
    private int bytes(String merge, int from, int to, int at) {
        int end = at;
        for (int i = from; i < to; i++) {
            int b = ByteAlphabet.byteOf(merge.charAt(i));
            if (b < 0) {
                return -1;
            }
            pair[end++] = (byte) b;
        }
        return end;
    }
}
