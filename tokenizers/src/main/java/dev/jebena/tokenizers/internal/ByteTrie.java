package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// Finds all tokens that begin at a place of a text. The nodes lie in arrays, level by level, the
/// children of each beside each other and in the order of their bytes.
final class ByteTrie {
    private static final int MOST_BYTES = 16 << 20;

    // Text is compared with this much at every place.
    private static final int LONGEST_TOKEN = 1024;

    private final byte[] label;
    private final int[] firstChild;
    private final int[] token;

    private ByteTrie(byte[] label, int[] firstChild, int[] token) {
        this.label = label;
        this.firstChild = firstChild;
        this.token = token;
    }

    /// A trie of the tokens that `included` names; of equal ones the last counts.
    static ByteTrie of(Vocabulary vocabulary, IntPredicate included) {
        List<Entry> entries = new ArrayList<>();
        long bytes = 1;
        for (int id = 0; id < vocabulary.size(); id++) {
            byte[] text = included.test(id) ? vocabulary.bytes(id) : new byte[0];
            if (text.length > 0) {
                entries.add(new Entry(text, id));
                bytes += text.length;
                check(id, text.length, bytes);
            }
        }
        entries.sort((a, b) -> Arrays.compareUnsigned(a.text, b.text));
        return new Builder(entries.toArray(Entry[]::new), Math.toIntExact(bytes)).build();
    }

    private static void check(int id, int length, long all) {
        if (length > LONGEST_TOKEN) {
            throw new TokenizerException(
                    "token "
                            + id
                            + " has "
                            + length
                            + " bytes, tokens of a Unigram vocabulary at most "
                            + LONGEST_TOKEN);
        }
        if (all > MOST_BYTES) {
            throw new TokenizerException(
                    "the vocabulary's tokens have more than "
                            + (MOST_BYTES >> 20)
                            + " MiB together");
        }
    }

    private record Entry(byte[] text, int id) {}

    /// The child of `node` for byte `b`, or -1. The root is node 0.
    int child(int node, byte b) {
        int low = firstChild[node];
        int high = firstChild[node + 1] - 1;
        int wanted = b & 0xFF;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = label[middle] & 0xFF;
            if (found == wanted) {
                return middle;
            }
            if (found < wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /// The token that ends at `node`, or -1.
    int token(int node) {
        return token[node];
    }

    /// Builds breadth first; a node is a range of sorted entries and how many bytes they share.
    private static final class Builder {
        private final Entry[] entries;
        private final byte[] label;
        private final int[] firstChild;
        private final int[] token;
        private final int[] low;
        private final int[] high;
        private int nodes = 1;

        Builder(Entry[] entries, int most) {
            this.entries = entries;
            label = new byte[most];
            firstChild = new int[most + 1];
            token = new int[most];
            low = new int[most];
            high = new int[most];
            high[0] = entries.length;
        }

        ByteTrie build() {
            int depth = 0;
            int levelEnd = 1;
            for (int node = 0; node < nodes; node++) {
                if (node == levelEnd) {
                    levelEnd = nodes;
                    depth++;
                }
                expand(node, depth);
            }
            firstChild[nodes] = nodes;
            return new ByteTrie(
                    Arrays.copyOf(label, nodes),
                    Arrays.copyOf(firstChild, nodes + 1),
                    Arrays.copyOf(token, nodes));
        }

        private void expand(int node, int depth) {
            firstChild[node] = nodes;
            token[node] = -1;
            int at = low[node];
            while (at < high[node] && entries[at].text.length == depth) {
                token[node] = entries[at++].id;
            }
            while (at < high[node]) {
                byte b = entries[at].text[depth];
                int end = at + 1;
                while (end < high[node] && entries[end].text[depth] == b) {
                    end++;
                }
                label[nodes] = b;
                low[nodes] = at;
                high[nodes++] = end;
                at = end;
            }
        }
    }
}
