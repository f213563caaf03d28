package dev.jebena.llm.internal.constraint;

import java.util.Arrays;

/// The tokens of a vocabulary as a trie over their bytes, in preorder: the children of a node come
/// right after it, and `end` tells where its subtree ends. Walking it is a scan of arrays.
final class TokenTrie {
    /// Stands for the parent of the nodes without one.
    static final int ROOT = -1;

    /// No bound on the tokens of a completion.
    static final int UNLIMITED = Integer.MAX_VALUE;

    private final byte[] label;
    private final short[] depth;
    private final int[] end;

    /// Bytes of the longest token that leads through a node.
    private final short[] tallest;

    /// The tokens by falling length.
    private int[] longestFirst = {};

    /// First token that ends at a node, or -1.
    private final int[] token;

    /// The next token with the same bytes, or -1.
    private final int[] sameBytes;

    /// The nodes without a parent by their bytes, or -1.
    private final int[] roots = new int[256];

    private int size;
    private final int height;

    private TokenTrie(int capacity, int tokens, int height) {
        this.label = new byte[capacity];
        this.depth = new short[capacity];
        this.tallest = new short[capacity];
        this.end = new int[capacity];
        this.token = new int[capacity];
        this.sameBytes = new int[tokens];
        this.height = height;
        Arrays.fill(token, -1);
        Arrays.fill(sameBytes, -1);
        Arrays.fill(roots, -1);
    }

    /// @param bytes the bytes of each token; tokens without bytes are left out
    static TokenTrie of(byte[][] bytes) {
        int[] order = sorted(bytes);
        int nodes = 0;
        int height = 0;
        byte[] before = {};
        for (int id : order) {
            nodes += bytes[id].length - common(before, bytes[id]);
            height = Math.max(height, bytes[id].length);
            before = bytes[id];
        }
        TokenTrie trie = new TokenTrie(nodes, bytes.length, Math.min(height, Short.MAX_VALUE - 1));
        trie.fill(bytes, order);
        trie.measure(bytes);
        return trie;
    }

    /// The ids in the order of their bytes. Sorts numbers made of the first bytes and the id, which
    /// is many times faster than comparing arrays, and then each run of equal first bytes.
    private static int[] sorted(byte[][] bytes) {
        int idBits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(bytes.length));
        int prefix = (Long.SIZE - 1 - idBits) / Byte.SIZE;
        long[] keys = new long[bytes.length];
        for (int id = 0; id < bytes.length; id++) {
            long key = 0;
            for (int i = 0; i < prefix; i++) {
                key = key << 8 | (i < bytes[id].length ? bytes[id][i] & 0xff : 0);
            }
            keys[id] = key << idBits | id;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        int begin = 0;
        for (int i = 0; i < keys.length; i++) {
            order[i] = (int) (keys[i] & ((1L << idBits) - 1));
            if (i + 1 == keys.length || keys[i] >> idBits != keys[i + 1] >> idBits) {
                sortRun(bytes, order, begin, i + 1);
                begin = i + 1;
            }
        }
        return order;
    }

    private static void sortRun(byte[][] bytes, int[] order, int begin, int end) {
        if (end - begin < 2) {
            return;
        }
        int[] run =
                Arrays.stream(order, begin, end)
                        .boxed()
                        .sorted((a, b) -> Arrays.compareUnsigned(bytes[a], bytes[b]))
                        .mapToInt(id -> id)
                        .toArray();
        System.arraycopy(run, 0, order, begin, run.length);
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private void fill(byte[][] bytes, int[] order) {
        int[] path = new int[height + 1];
        int used = 0;
        byte[] before = {};
        for (int id : order) {
            byte[] now = bytes[id];
            if (now.length == 0 || now.length > height) {
                continue;
            }
            int shared = common(before, now);
            for (int i = before.length - 1; i >= shared; i--) {
                end[path[i]] = used;
            }
            for (int i = shared; i < now.length; i++) {
                label[used] = now[i];
                depth[used] = (short) i;
                path[i] = used++;
            }
            int last = path[now.length - 1];
            sameBytes[id] = token[last];
            token[last] = id;
            before = now;
        }
        for (int i = before.length - 1; i >= 0; i--) {
            end[path[i]] = used;
        }
        size = used;
        for (int node = 0; node < size; node = end[node]) {
            roots[label[node] & 0xff] = node;
        }
    }

    private void measure(byte[][] bytes) {
        for (int node = size - 1; node >= 0; node--) {
            int most = depth[node] + 1;
            for (int child = node + 1; child < end[node]; child = end[child]) {
                most = Math.max(most, tallest[child]);
            }
            tallest[node] = (short) most;
        }
        // Counted by length, in which there is no need to compare.
        int[] first = new int[height + 2];
        for (byte[] one : bytes) {
            first[Math.min(one.length, height)]++;
        }
        int before = 0;
        for (int length = height; length >= 0; length--) {
            int count = first[length];
            first[length] = before;
            before += count;
        }
        longestFirst = new int[bytes.length];
        for (int id = 0; id < bytes.length; id++) {
            longestFirst[first[Math.min(bytes[id].length, height)]++] = id;
        }
    }

    /// Takes the tokens of more than `length` bytes from a mask.
    ///
    /// @param bytes of each token
    void dropLonger(int length, byte[][] bytes, long[] mask) {
        for (int id : longestFirst) {
            if (bytes[id].length <= length) {
                break;
            }
            mask[id >> 6] &= ~(1L << id);
        }
    }

    /// The child of `node` ([#ROOT] for the children of none) over `read`, or -1.
    int child(int node, int read) {
        if (node == ROOT) {
            return roots[read];
        }
        for (int child = node + 1; child < end[node]; child = end[child]) {
            if ((label[child] & 0xff) == read) {
                return child;
            }
        }
        return -1;
    }

    /// Bytes of the longest token.
    int height() {
        return height;
    }

    /// Whether a token ends at the node.
    boolean isToken(int node) {
        return token[node] >= 0;
    }

    /// Told where the bytes of tokens lead.
    @FunctionalInterface
    private interface Visitor {
        /// @param first one of the tokens; the others with the same bytes hang on it
        void visit(int first, Situation to);
    }

    /// Told where tokens lead.
    @FunctionalInterface
    interface Landing {
        void land(int token, Situation to);
    }

    /// Visits the tokens of more than `shorter` bytes.
    private void walk(Situation start, Automaton automaton, int shorter, Visitor visitor) {
        Situation[] path = new Situation[height + 1];
        path[0] = start;
        int node = 0;
        while (node < size) {
            if (tallest[node] <= shorter) {
                node = end[node];
                continue;
            }
            Situation next = automaton.next(path[depth[node]], label[node] & 0xff);
            if (next == Situation.DEAD) {
                node = end[node];
                continue;
            }
            path[depth[node] + 1] = next;
            if (token[node] >= 0 && depth[node] >= shorter) {
                visitor.visit(token[node], next);
            }
            node++;
        }
    }

    /// Sets the bit of each token whose bytes lead from `start` to a live situation from which no
    /// more than `most` tokens complete the text. Returns the largest such number of all tokens;
    /// where `most` is [#UNLIMITED] numbers of bytes stand for those of tokens, which are costly to
    /// count.
    ///
    /// @param shorter tokens of so many bytes or less are left out
    int mark(Situation start, Automaton automaton, int most, int shorter, long[] mask) {
        Marker marker = new Marker(automaton, most, mask);
        walk(start, automaton, shorter, marker);
        return marker.largest;
    }

    private final class Marker implements Visitor {
        private final Automaton automaton;
        private final int most;
        private final long[] mask;
        private int largest;

        Marker(Automaton automaton, int most, long[] mask) {
            this.automaton = automaton;
            this.most = most;
            this.mask = mask;
        }

        @Override
        public void visit(int first, Situation to) {
            int needed = to.tokens;
            if (most == UNLIMITED) {
                needed = to.shortest();
            } else if (needed < 0 && automaton.leastTokens(to) > most) {
                needed = automaton.mostTokens(to);
            } else if (needed < 0) {
                needed = automaton.tokensToEnd(to);
            }
            largest = Math.max(largest, needed);
            if (needed <= most) {
                set(mask, first);
            }
        }
    }

    /// Tells where each token leads whose bytes lead from `start` to a live situation.
    void land(Situation start, Automaton automaton, Landing landing) {
        walk(
                start,
                automaton,
                0,
                (first, to) -> {
                    for (int id = first; id >= 0; id = sameBytes[id]) {
                        landing.land(id, to);
                    }
                });
    }

    private void set(long[] mask, int first) {
        for (int id = first; id >= 0; id = sameBytes[id]) {
            mask[id >> 6] |= 1L << id;
        }
    }
}
