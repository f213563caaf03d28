package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodedStrings;
import dev.jebena.tokenizers.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Reads merges that are spelled `left right`, best first.
final class MergeReader {
    private final Vocabulary vocabulary;
    private final byte[] pair;
    private final byte[] decoded;

    private MergeReader(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.pair = new byte[2 * vocabulary.longest()];
        this.decoded = new byte[2 * pair.length + 1];
    }

    /// A merge whose parts or product are not in the vocabulary can never apply; it is left out.
    ///
    /// @param merges strings `left right`, or lists of both
    /// @param prefix what the right part begins with and the product leaves out
    static MergeTable read(List<?> merges, Vocabulary vocabulary, String prefix) {
        MergeReader reader = new MergeReader(vocabulary);
        MergeTable table = new MergeTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            Object merge = merges.get(rank);
            if (merge instanceof String both) {
                int space = both.indexOf(' ', 1);
                if (space < 0) {
                    throw notTwoParts(rank, both);
                }
                reader.read(both, 0, space, both, space + 1, prefix, rank, table);
            } else if (merge instanceof List<?> list
                    && list.size() == 2
                    && list.getFirst() instanceof String left
                    && list.getLast() instanceof String right) {
                reader.read(left, 0, left.length(), right, 0, prefix, rank, table);
            } else {
                throw notTwoParts(rank, String.valueOf(merge));
            }
        }
        return table;
    }

    /// As the other, from strings `left right` alone; without making strings of a byte-level
    /// vocabulary's merges.
    static MergeTable read(EncodedStrings merges, Vocabulary vocabulary) {
        MergeReader reader = new MergeReader(vocabulary);
        MergeTable table = new MergeTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            reader.read(merges, rank, table);
        }
        return table;
    }

    /// A method of its own, so that it gets compiled after some hundred merges and not after all.
    private void read(EncodedStrings merges, int rank, MergeTable table) {
        byte[] bytes = merges.bytes();
        int from = merges.start(rank);
        int to = merges.end(rank);
        int space = from + 1;
        while (space < to && bytes[space] != ' ') {
            space++;
        }
        if (space >= to) {
            throw notTwoParts(rank, merges.get(rank));
        }
        if (vocabulary.byteLevel()) {
            read(bytes, from, space, to, rank, table);
        } else {
            String both = merges.get(rank);
            int middle = both.indexOf(' ', 1);
            read(both, 0, middle, both, middle + 1, "", rank, table);
        }
    }

    private void read(byte[] merge, int from, int space, int to, int rank, MergeTable table) {
        // Two bytes of UTF-8 at most stand for one, so a longer merge is of no two tokens.
        if (to - from > decoded.length) {
            return;
        }
        int middle = ByteAlphabet.bytes(merge, from, space, decoded, 0);
        int end = middle < 0 ? -1 : ByteAlphabet.bytes(merge, space + 1, to, decoded, middle);
        if (end < 0) {
            return;
        }
        int leftId = vocabulary.find(decoded, 0, middle);
        int rightId = vocabulary.find(decoded, middle, end);
        int product = vocabulary.find(decoded, 0, end);
        if ((product | leftId | rightId) >= 0) {
            table.put(rank, leftId, rightId, product);
        }
    }

    private static TokenizerException notTwoParts(int rank, String merge) {
        return new TokenizerException(
                "merge "
                        + rank
                        + ": expected two parts with a space between them, found '"
                        + merge.substring(0, Math.min(100, merge.length()))
                        + "'");
    }

    private void read(
            String left,
            int leftFrom,
            int leftTo,
            String right,
            int rightFrom,
            String prefix,
            int rank,
            MergeTable table) {
        int middle = bytes(left, leftFrom, leftTo, 0);
        int end = middle < 0 ? -1 : bytes(right, rightFrom, right.length(), middle);
        if (end < 0) {
            return;
        }
        int leftId = vocabulary.find(pair, 0, middle);
        int rightId = vocabulary.find(pair, middle, end);
        if (!prefix.isEmpty() && right.startsWith(prefix, rightFrom)) {
            end = bytes(right, rightFrom + prefix.length(), right.length(), middle);
        }
        int product = vocabulary.find(pair, 0, end);
        if ((product | leftId | rightId) >= 0) {
            table.put(rank, leftId, rightId, product);
        }
    }

    /// Puts the bytes that `part[from, to)` spells at `pair[at]`; where they end, or -1.
    private int bytes(String part, int from, int to, int at) {
        if (to - from > pair.length - at) {
            return -1;
        }
        if (!vocabulary.byteLevel()) {
            byte[] bytes = part.substring(from, to).getBytes(StandardCharsets.UTF_8);
            if (bytes.length > pair.length - at) {
                return -1;
            }
            System.arraycopy(bytes, 0, pair, at, bytes.length);
            return at + bytes.length;
        }
        int end = at;
        for (int i = from; i < to; i++) {
            int b = ByteAlphabet.byteOf(part.charAt(i));
            if (b < 0) {
                return -1;
            }
            pair[end++] = (byte) b;
        }
        return end;
    }
}
