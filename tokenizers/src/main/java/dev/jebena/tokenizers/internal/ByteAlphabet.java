package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The 256 visible characters with which byte-level vocabularies (GPT-2 and its descendants) spell
/// bytes: printable Latin-1 stands for itself, the other bytes for U+0100 and following.
final class ByteAlphabet {
    private static final char[] CHAR_OF_BYTE = new char[256];
    private static final short[] BYTE_OF_CHAR = new short[0x144];

    static {
        Arrays.fill(BYTE_OF_CHAR, (short) -1);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean visible =
                    (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
            char c = (char) (visible ? b : next++);
            CHAR_OF_BYTE[b] = c;
            BYTE_OF_CHAR[c] = (short) b;
        }
    }

    private ByteAlphabet() {}

    static char charOf(int unsignedByte) {
        return CHAR_OF_BYTE[unsignedByte];
    }

    /// The byte that `c` spells, or -1.
    static int byteOf(char c) {
        return c < BYTE_OF_CHAR.length ? BYTE_OF_CHAR[c] : -1;
    }

    /// The bytes that `spelling` stands for, or null when it has a character outside the alphabet.
    static byte @Nullable [] bytes(String spelling) {
        byte[] bytes = new byte[spelling.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = byteOf(spelling.charAt(i));
            if (b < 0) {
                return null;
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }

    /// Puts the bytes that the UTF-8 in `spelling[from, to)` stands for at `target[at]`, which has
    /// room for as many bytes; where they end, or -1 when a character is outside the alphabet.
    static int bytes(byte[] spelling, int from, int to, byte[] target, int at) {
        int end = at;
        int i = from;
        while (i < to) {
            int c = spelling[i++];
            if (c < 0) {
                // All of the alphabet beyond ASCII takes two bytes: 0xC2 to 0xC5 and one more.
                boolean two = c >= (byte) 0xC2 && c <= (byte) 0xC5 && i < to && spelling[i] < -64;
                if (!two) {
                    return -1;
                }
                c = (c & 0x1F) << 6 | (spelling[i++] & 0x3F);
            }
            int b = c < BYTE_OF_CHAR.length ? BYTE_OF_CHAR[c] : -1;
            if (b < 0) {
                return -1;
            }
            target[end++] = (byte) b;
        }
        return end;
    }

    static String spell(byte[] bytes) {
        char[] chars = new char[bytes.length];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = CHAR_OF_BYTE[bytes[i] & 0xFF];
        }
        return new String(chars);
    }
}
