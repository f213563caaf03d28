package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodedStrings;
import dev.jebena.tokenizers.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Token ids by the bytes they stand for, and back.
///
/// All tokens lie in one array of bytes; an open-addressing table finds the id of a stretch of text
/// without making a string of it. A byte-level vocabulary keeps the bytes that its spellings stand
/// for; the few entries outside its alphabet (some special tokens) are found by spelling alone.
final class Vocabulary {
    /// Most ids a vocabulary may have; pairs of ids and merge ranks are packed into one long.
    static final int MAX_SIZE = 1 << 21;

    // Differs from run to run, so that no file can be made whose tokens all collide.
    private static final int SEED = 0x811C9DC5 ^ (int) (System.nanoTime() >>> 4);

    private final boolean byteLevel;
    private byte[] text;
    private final int[] ends;
    private final int[] slots;
    private final int longest;
    private final Map<String, Integer> outsideAlphabet = new HashMap<>();
    private final Map<Integer, String> outsideSpellings = new HashMap<>();

    private Vocabulary(EncodedStrings spellings, boolean byteLevel) {
        this.byteLevel = byteLevel;
        ends = new int[spellings.size()];
        text = new byte[spellings.size() * 8 + 16];
        int max = 0;
        for (int id = 0; id < ends.length; id++) {
            max = Math.max(max, append(spellings, id));
        }
        longest = max;
        slots = new int[Integer.highestOneBit(Math.max(8, ends.length)) * 4];
        for (int id = 0; id < ends.length; id++) {
            insert(id);
        }
    }

    /// Appends the bytes of a token and returns their number.
    private int append(EncodedStrings spellings, int id) {
        int from = spellings.start(id);
        int to = spellings.end(id);
        int at = start(id);
        // Replacement characters are three bytes for one.
        if (3L * (to - from) > text.length - at) {
            text = Arrays.copyOf(text, grown(text.length, 3L * (to - from)));
        }
        int end;
        if (byteLevel) {
            end = ByteAlphabet.bytes(spellings.bytes(), from, to, text, at);
            if (end < 0) {
                String spelling = spellings.get(id);
                outsideAlphabet.put(spelling, id);
                outsideSpellings.put(id, spelling);
                end = at;
            }
        } else {
            end = copy(spellings, id, text, at);
        }
        ends[id] = end;
        return end - at;
    }

    /// Copies a spelling as UTF-8.
    private static int copy(EncodedStrings spellings, int id, byte[] to, int at) {
        byte[] source = spellings.bytes();
        int from = spellings.start(id);
        int length = spellings.end(id) - from;
        for (int i = 0; i < length; i++) {
            if (source[from + i] < 0) {
                byte[] valid = spellings.get(id).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(valid, 0, to, at, valid.length);
                return at + valid.length;
            }
            to[at + i] = source[from + i];
        }
        return at + length;
    }

    /// A vocabulary of these tokens; they are not kept.
    static Vocabulary of(EncodedStrings spellings, boolean byteLevel) {
        if (spellings.size() >= MAX_SIZE) {
            throw new TokenizerException(
                    "the vocabulary has "
                            + spellings.size()
                            + " tokens, at most "
                            + (MAX_SIZE - 1)
                            + " are supported");
        }
        if (spellings.size() == 0) {
            throw new TokenizerException("the vocabulary has no tokens");
        }
        return new Vocabulary(spellings, byteLevel);
    }

    private static int grown(int length, long needed) {
        long size = Math.max(length + needed, length + (length >> 1));
        if (size > 1 << 30) {
            throw new TokenizerException("the vocabulary's tokens are longer than 1 GiB together");
        }
        return (int) size;
    }

    // Of equal tokens the last one wins, as with a map filled in order.
    private void insert(int id) {
        int from = start(id);
        if (from == ends[id]) {
            return;
        }
        int mask = slots.length - 1;
        int slot = slot(text, from, ends[id], mask);
        while (slots[slot] != 0 && !equals(slots[slot] - 1, text, from, ends[id])) {
            slot = (slot + 1) & mask;
        }
        slots[slot] = id + 1;
    }

    int size() {
        return ends.length;
    }

    /// Length in bytes of the longest token.
    int longest() {
        return longest;
    }

    boolean byteLevel() {
        return byteLevel;
    }

    String spelling(int id) {
        String outside = outsideSpellings.get(id);
        if (outside != null) {
            return outside;
        }
        byte[] bytes = bytes(id);
        return byteLevel ? ByteAlphabet.spell(bytes) : Utf8.string(bytes, 0, bytes.length);
    }

    /// The bytes that `id` stands for. For an entry outside the alphabet those of its spelling.
    byte[] bytes(int id) {
        String outside = outsideSpellings.get(id);
        if (outside != null) {
            return outside.getBytes(StandardCharsets.UTF_8);
        }
        return Arrays.copyOfRange(text, start(id), ends[id]);
    }

    /// The id of the token whose bytes are `key[from, to)`, or -1.
    int find(byte[] key, int from, int to) {
        if (to - from > longest || to == from) {
            return -1;
        }
        int mask = slots.length - 1;
        int slot = slot(key, from, to, mask);
        while (slots[slot] != 0) {
            if (equals(slots[slot] - 1, key, from, to)) {
                return slots[slot] - 1;
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    /// The id of the token with this spelling, or -1.
    int find(String spelling) {
        byte @Nullable [] key =
                byteLevel
                        ? ByteAlphabet.bytes(spelling)
                        : spelling.getBytes(StandardCharsets.UTF_8);
        if (key == null) {
            return outsideAlphabet.getOrDefault(spelling, -1);
        }
        return find(key, 0, key.length);
    }

    /// Whether the token `id` has a space mark after something else.
    boolean marksInside(int id) {
        for (int i = start(id) + 1; i + 2 < ends[id]; i++) {
            if (SpaceMarks.isMark(text, i, ends[id])
                    && !(i - 3 >= start(id) && SpaceMarks.isMark(text, i - 3, ends[id]))) {
                return true;
            }
        }
        return false;
    }

    private int start(int id) {
        return id == 0 ? 0 : ends[id - 1];
    }

    private boolean equals(int id, byte[] key, int from, int to) {
        int start = start(id);
        int length = ends[id] - start;
        if (length != to - from) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text[start + i] != key[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] key, int from, int to, int mask) {
        return hash(key, from, to) & mask;
    }

    /// FNV-1a, with the high bits folded in because the tables use the low ones.
    static int hash(byte[] key, int from, int to) {
        int h = SEED;
        for (int i = from; i < to; i++) {
            h = (h ^ key[i]) * 0x01000193;
        }
        return h ^ (h >>> 15);
    }
}
