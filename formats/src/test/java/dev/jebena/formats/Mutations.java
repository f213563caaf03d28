package dev.jebena.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// Damage to bytes: random, but with a liking for what breaks parsers.
final class Mutations {
    private static final long[] HOSTILE = {
        0,
        1,
        -1,
        2,
        4,
        7,
        8,
        9,
        12,
        13,
        31,
        32,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0xffff,
        1 << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        0xffff_ffffL,
        1L << 32,
        (1L << 32) - 8,
        1L << 60,
        1L << 61,
        1L << 62,
        Long.MAX_VALUE,
        Long.MAX_VALUE - 31,
        Long.MIN_VALUE,
        -32
    };
    private static final String[] JSON = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "\\ud800",
        "null",
        "true",
        "-",
        "-1",
        "0",
        "00",
        "1e999",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999",
        "[[[[[[[[[[[[[[[[",
        "{\"a\":{\"a\":{\"a\":",
        "\"../x.safetensors\"",
        "\u0000",
        "\n",
        "é"
    };

    private Mutations() {}

    /// A copy with one to four changes.
    static byte[] damage(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            bytes = change(bytes, random);
        }
        return bytes;
    }

    /// The same with pieces of JSON.
    static byte[] damageJson(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            bytes = random.nextInt(3) == 0 ? change(bytes, random) : changeJson(bytes, random);
        }
        return bytes;
    }

    /// A copy with one number overwritten.
    static byte[] overwrite(byte[] original, int at, int width, long value) {
        ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
        byte[] bytes = original.clone();
        number.get(0, bytes, at, Math.min(width, bytes.length - at));
        return bytes;
    }

    static long[] hostileNumbers() {
        return HOSTILE.clone();
    }

    private static byte[] change(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1, 2 -> overwrite(bytes, at, 1, 1L << random.nextInt(8) ^ bytes[at]);
            case 3 -> splice(bytes, at, random.nextInt(9), new byte[0]);
            case 4 -> splice(bytes, at, 0, new byte[1 + random.nextInt(16)]);
            case 5 -> repeat(bytes, at, random);
            default -> overwrite(bytes, at, 1 << random.nextInt(4), hostile(random));
        };
    }

    private static byte[] changeJson(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        byte[] piece = JSON[random.nextInt(JSON.length)].getBytes(StandardCharsets.UTF_8);
        return splice(bytes, at, random.nextInt(5), piece);
    }

    private static long hostile(Random random) {
        return HOSTILE[random.nextInt(HOSTILE.length)];
    }

    private static byte[] repeat(byte[] bytes, int at, Random random) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(64));
        return splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
    }

    private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
        int rest = Math.min(bytes.length, at + removed);
        byte[] spliced = Arrays.copyOf(bytes, at + inserted.length + bytes.length - rest);
        System.arraycopy(inserted, 0, spliced, at, inserted.length);
        System.arraycopy(bytes, rest, spliced, at + inserted.length, bytes.length - rest);
        return spliced;
    }
}
