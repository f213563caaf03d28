package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The compiled normalization rules of SentencePiece (`precompiled_charsmap`): the length of a
/// double-array trie in bytes, the trie, and the replacements that its leaves point to, each ended
/// by a zero byte.
final class CharacterMap {
    private static final int LARGEST = 16 << 20;

    private final int[] units;
    private final byte[] replacements;

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /// Null for no rules.
    ///
    /// @param place what the message of a refusal names
    static @Nullable CharacterMap of(byte[] blob, String place) {
        if (blob.length == 0) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        long trie = blob.length < 4 ? -1 : Integer.toUnsignedLong(in.getInt());
        if (trie < 4 || trie % 4 != 0 || trie > blob.length - 4 || blob.length > LARGEST) {
            throw new TokenizerException(
                    place
                            + ": the character map of "
                            + blob.length
                            + " bytes is damaged: its trie takes "
                            + trie
                            + " bytes");
        }
        int[] units = new int[(int) trie / 4];
        in.asIntBuffer().get(units);
        byte[] replacements = new byte[blob.length - 4 - (int) trie];
        in.position(4 + (int) trie);
        in.get(replacements);
        return new CharacterMap(units, replacements);
    }

    /// The rule for the longest (or shortest) beginning of `text[from, to)` that has one: where its
    /// replacement begins in the upper 32 bits, the bytes that it replaces in the lower; or -1.
    long find(byte[] text, int from, int to, boolean longest) {
        long found = -1;
        int node = offset(units[0]);
        for (int at = from; at < to && text[at] != 0; at++) {
            int b = text[at] & 0xFF;
            node ^= b;
            if (node < 0 || node >= units.length || (units[node] & 0x800000FF) != b) {
                return found;
            }
            int unit = units[node];
            node ^= offset(unit);
            if ((unit & 0x100) != 0 && node >= 0 && node < units.length) {
                found = ((long) (units[node] & 0x7FFFFFFF) << 32) | (at + 1 - from);
                if (!longest) {
                    return found;
                }
            }
        }
        return found;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 0x200) >> 6);
    }

    /// The byte `index` of the replacement of `rule`, or -1 at its end.
    int replacement(long rule, int index) {
        long at = (rule >> 32) + index;
        return at < replacements.length && replacements[(int) at] != 0
                ? replacements[(int) at] & 0xFF
                : -1;
    }
}
