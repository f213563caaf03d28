package dev.jebena.tokenizers;

import java.util.Random;

/// Random text of many scripts, spaces, marks and code.
final class RandomText {
    private static final String[] WORDS = {
        "the",
        "The",
        "HELLO",
        "it's",
        "IT'S",
        "we'll",
        "o'clock",
        "don't",
        "naïve",
        "Straße",
        "café",
        "e\u0301",
        "\u01C5",
        "\u0130stanbul",
        "ﬁ",
        "日本語",
        "한국어",
        "привет",
        "مرحبا",
        "שלום",
        "नमस्ते",
        "สวัสดี",
        "12",
        "3456789",
        "٣٤",
        "½",
        "Ⅷ",
        "0x7f",
        "3.14",
        "return",
        "fn(x)",
        "{",
        "}\n",
        "();",
        "==",
        "!=",
        "...",
        "</s>",
        "<s>",
        "<|im_end|>",
        "<|eot_id|>",
        "[SEP]",
        "[MASK]",
        "▁x",
        "😀",
        "👩‍👩‍👧",
        "🇩🇪",
        "'s",
        "'ſ",
        "'S",
        "\u200b",
        "\u00ad",
        "\ufeff",
        "\u0085",
        "\u3000",
        "\u00a0",
        "\t",
        "\n",
        "\r\n",
        "\n\n",
        "  ",
        "   ",
        "\u2028",
        "\u000b",
        "\f",
        "\u0000",
        "\u007f",
        "\ufffd",
        "/",
        "\\",
        "\"",
        "$",
        "_",
        "-",
        "a_b",
        "camelCase",
        "HTTPServer",
        "''",
        "`",
        "~~"
    };
    private static final int[][] RANGES = {
        {0x20, 0x7E},
        {0x20, 0x7E},
        {0x0, 0xFF},
        {0xA0, 0x24F},
        {0x250, 0x36F},
        {0x370, 0x3FF},
        {0x400, 0x4FF},
        {0x591, 0x6FF},
        {0x900, 0x97F},
        {0xE01, 0xE5B},
        {0x1100, 0x11FF},
        {0x1E00, 0x1FFE},
        {0x2000, 0x206F},
        {0x2070, 0x21FF},
        {0x2460, 0x24FF},
        {0x3000, 0x30FF},
        {0x3400, 0x9FFF},
        {0xAC00, 0xD7A3},
        {0xFB00, 0xFB4F},
        {0xFF01, 0xFFDC},
        {0x10000, 0x101FF},
        {0x1D400, 0x1D7FF},
        {0x1F300, 0x1F64F},
        {0x20000, 0x2A6D6}
    };

    private RandomText() {}

    static String next(Random random) {
        StringBuilder text = new StringBuilder();
        int parts = 1 + random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
                case 1 -> text.append(WORDS[random.nextInt(WORDS.length)]);
                case 2 -> run(random, text);
                default -> text.append(" ".repeat(random.nextInt(3)));
            }
        }
        return text.toString();
    }

    private static void run(Random random, StringBuilder text) {
        int[] range = RANGES[random.nextInt(RANGES.length)];
        int length = 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            int c = range[0] + random.nextInt(range[1] - range[0] + 1);
            // U+061D is punctuation for Java; the Rust library's tables are older.
            if (Character.isDefined(c) && c != 0x61D) {
                text.appendCodePoint(c);
            }
        }
    }
}
