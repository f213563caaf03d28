package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.internal.FinderSplitter.Behavior;

/// Pre-tokenizers of GGUF files that are written as regular expressions. Each expression isolates
/// its matches, and the next one works on the pieces.
final class GgufExpressions {
    private static final String CONTRACTIONS = "'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])";
    private static final String HEAD = CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String SPACES = "\\s+(?!\\S)|\\s+";
    private static final String LINES = "|\\s*[\\r\\n]+|" + SPACES;
    private static final String PUNCTUATION = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
    private static final String HAN_AND_KANA = "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";
    private static final String ASIAN = "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF&&[^\\s]]+";
    private static final String SYMBOL_WORDS =
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
                    + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+";
    private static final String DEEPSEEK3 = SYMBOL_WORDS + "| ?[\\p{P}\\p{S}]+[\\r\\n]*" + LINES;
    private static final String HAN =
            "\u4E00-\u9FFF\u3400-\u4DBF\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2B73F}"
                    + "\\x{2B740}-\\x{2B81F}\\x{2B820}-\\x{2CEAF}\\x{2CEB0}-\\x{2EBEF}"
                    + "\uF900-\uFAFF\\x{2F800}-\\x{2FA1F}";

    // The letters with case, as DeepSeek's first tokenizer lists them.
    private static final String CASED =
            "A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293"
                    + "\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386\\u0388-\\u038A"
                    + "\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556"
                    + "\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B"
                    + "\\u1D6B-\\u1D77\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D"
                    + "\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE"
                    + "\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4"
                    + "\\u1FF6-\\u1FFC\\u2102\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128"
                    + "\\u212A-\\u212D\\u212F-\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184"
                    + "\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D\\uA680-\\uA69B"
                    + "\\uA722-\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF\\uFB00-\\uFB06\\uFB13-\\uFB17"
                    + "\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}"
                    + "\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"
                    + "\\x{1E900}-\\x{1E943}";

    private GgufExpressions() {}

    private static Splitter isolated(String... expressions) {
        Splitter all = null;
        for (String expression : expressions) {
            Splitter next =
                    new FinderSplitter(
                            Finder.expression(Expressions.compile(expression, "pre-tokenizer")),
                            Behavior.ISOLATED,
                            false);
            all = all == null ? next : all.then(next);
        }
        return all == null ? Splitter.none() : all;
    }

    static Splitter deepseekLlm() {
        return isolated(
                "[\\r\\n]",
                "\\s?[" + CASED + "]+",
                "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3001\u3002]+",
                "\\s+\\z",
                ASIAN,
                "\\p{N}+");
    }

    static Splitter deepseekCoder() {
        return isolated("[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", ASIAN, "\\p{N}");
    }

    /// Behind the numbers.
    static Splitter deepseek3() {
        return isolated(HAN_AND_KANA, DEEPSEEK3);
    }

    /// Behind the numbers.
    static Splitter spark() {
        return isolated(HAN_AND_KANA, SYMBOL_WORDS + "| ?[\\p{P}\\p{S}]+|[\\r\\n]|" + SPACES);
    }

    /// Behind the groups of digits.
    static Splitter afmoe() {
        return isolated(
                "[\u4E00-\u9FFF\u3400-\u4DBF\u8C48-\uFAFF\u3040-\u309F\u30A0-\u30FF\uFF65-\uFF9F"
                        + "\u2F00-\u2FDF\u0E40-\u0E7F\u0E80-\u0EFF\u1780-\u17FF\u1000-\u109F"
                        + "\uAA60-\uAA7F\uA9E0-\uA9FF\uAC00-\uD7AF\u1100-\u11FF]+",
                DEEPSEEK3);
    }

    /// Before the words.
    static Splitter youtu() {
        return isolated(
                "[\uAC00-\uD7A3\u3131-\u318E]+"
                        + "|[\uFF01\u2026\u201C\u201D\u2018\u2019\u2014\uFF1A\uFF1B\uFF0C"
                        + "\u3001-\u303F\uFE30-\uFE4F]+"
                        + "|[\u3105-\u312F]+|"
                        + HAN_AND_KANA);
    }

    /// Before the words.
    static Splitter chameleon() {
        return isolated(
                "<sentinel:[0-9]+>",
                "IMGIMG[A-I]{1,4}Z",
                "[\\t\\n]|    |  ",
                "\\p{N}",
                "[\\p{P}!-/:-@\\[-`{-~]");
    }

    static Splitter kimi() {
        return isolated(
                "["
                        + HAN
                        + "]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}&&[^"
                        + HAN
                        + "]]+(?:"
                        + CONTRACTIONS
                        + ")?|\\p{N}{1,3}"
                        + PUNCTUATION
                        + LINES);
    }

    static Splitter jais2() {
        StringBuilder spaces = new StringBuilder("|\\s*[\\r\\n]+");
        for (int length = 512; length >= 4; length /= 2) {
            spaces.append("|\\s{").append(length).append("}(?!\\S)");
        }
        spaces.append("|\\s{1,2}(?!\\S)|\\s");
        return isolated(HEAD + "\\p{N}{1,3}" + PUNCTUATION + spaces);
    }

    static Splitter exaone() {
        return isolated(
                CONTRACTIONS
                        + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+|\\p{N}"
                        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|"
                        + SPACES);
    }

    static Splitter seedCoder() {
        return isolated(HEAD + "\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+" + LINES);
    }
}
