package dev.jebena.tokenizers.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pre-tokenizers of byte-level vocabularies in both notations: the `pre_tokenizer` of a
/// `tokenizer.json`, and the name that a GGUF file gives.
///
/// Two are the same when they cut a page of awkward text into the same pieces; so neither spelling
/// of expressions nor aliases of names matter.
final class PreTokenizerForms {
    /// Names to try, the most common of those that mean the same first.
    private static final List<String> NAMES =
            List.of(
                    "gpt-2",
                    "llama-bpe",
                    "smaug-bpe",
                    "qwen2",
                    "smollm",
                    "gpt-4o",
                    "tekken",
                    "falcon",
                    "bloom",
                    "viking",
                    "deepseek-v3",
                    "deepseek-llm",
                    "deepseek-coder",
                    "qwen35",
                    "glm4",
                    "kimi-k2",
                    "seed-coder",
                    "jais-2",
                    "exaone-moe",
                    "superbpe",
                    "youtu",
                    "minicpm5",
                    "tiny_aya",
                    "granite-embed-multi-97m",
                    "laguna",
                    "afmoe",
                    "spark2_5",
                    "chameleon",
                    "ufakzeka",
                    "default");

    private static final String WORDS =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String REST =
            "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String UPPER =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String CASE_REST =
            "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String THREE_DIGITS = "[0-9][0-9][0-9]";
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
    private static final Map<String, Object> DIGITS =
            Map.of("type", "Digits", "individual_digits", true);

    /// Texts in which any two pre-tokenizers differ somewhere.
    static final List<String> SAMPLES =
            List.of(
                    "Hello, world! It's 12345 o'clock; I'LL say DON'T.\n\n  Two  spaces\tand tabs \r\n end   ",
                    "x=1+2;y/=3//4 (a_b) [c] {d} <e> $5.00 #tag @me ~^|`\\ \"q\" 100% a-b /c/\n/d",
                    "\u4F60\u597D\uFF0C\u4E16\u754C\uFF01\u4E00\u4E8C\u4E09 \u65E5\u672C\u8A9E\u30C6\u30AD\u30B9\u30C8 \u304B\u306A\u3002abc\u4E2D\u6587",
                    "\uD55C\uAD6D\uC5B4 \uD14D\uC2A4\uD2B8\uAC00 \u0645\u0631\u062D\u0628\u0627\u060C \u0E44\u0E17\u0E22 \u043F\u0440\u0438\u0432\u0435\u0442, \u043C\u0438\u0440\u2026",
                    "camelCase HTTPServer iPhone WORDS words Words aB Ab 'Tis 'twas can't CAN'T",
                    "\n \n\n\t\t  a\n  b \n",
                    " leading",
                    "trailing \n",
                    "    four\n        eight   three",
                    "e\u0301a\u0308 combining \u0915\u093E\u0928 na\u00EFve caf\u00E9",
                    "\uD83D\uDE00\uD83D\uDC4D emojis \u2167 \u00BD \u00B2 \u20AC \u2014 \u201Cq\u201D",
                    "...?!,,, --- ''' 's 'x _x_ !abc .net  ,b\t!c",
                    "1234567 12 1 a1b22c333 \u0661\u0662\u0663\u0664 3.14159 1,000,000",
                    "http://a.b/c?d=e&f if(x){\n    return 1;\n}\n");

    private static final List<Map<String, Object>> FORMS =
            List.of(
                    byteLevel(true),
                    sequence(split(WORDS + "\\p{N}{1,3}" + REST), byteLevel(false)),
                    sequence(split(WORDS + "\\p{N}" + REST), byteLevel(false)),
                    sequence(DIGITS, byteLevel(true)),
                    sequence(
                            split(cased("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", "{1,3}")),
                            byteLevel(false)),
                    sequence(split(cased("", "")), byteLevel(false)),
                    sequence(
                            split("[\\p{P}\\$\\+<=>\\^\\~\\|`]+"),
                            byteLevel(true),
                            split(THREE_DIGITS)),
                    sequence(
                            split("[\\p{P}\\$\\+<=>\\^\\~\\|]+"),
                            split(GPT2),
                            split("\\p{N}+"),
                            split(THREE_DIGITS),
                            byteLevel(false)),
                    sequence(
                            split(" ?[^(\\s|[.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C])]+"),
                            byteLevel(false)),
                    sequence(
                            split("\\p{N}{1,3}"),
                            split("[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+"),
                            split(
                                    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
                            byteLevel(false)),
                    sequence(
                            split("[\\r\\n]"),
                            split("\\s?\\p{L}+"),
                            split("\\s?\\p{P}+"),
                            split("[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+"),
                            DIGITS,
                            byteLevel(false)),
                    sequence(
                            split(
                                    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
                            byteLevel(false)));

    /// What a name of GGUF files makes of the samples.
    private record Cut(String name, boolean wholeWords, List<String> pieces) {
        static final List<Cut> ALL = NAMES.stream().map(Cut::of).toList();

        static Cut of(String name) {
            GgufFamilies family = GgufFamilies.of(name);
            return new Cut(name, family.wholeWords(), PreTokenizerForms.pieces(family.splitter()));
        }
    }

    private PreTokenizerForms() {}

    /// The name of a pre-tokenizer in GGUF files; null where none cuts the same way.
    ///
    /// @param wholeWords whether a word that is a token is not built from its parts
    static @Nullable String name(@Nullable Splitter splitter, boolean wholeWords) {
        List<String> wanted = pieces(splitter == null ? Splitter.none() : splitter);
        String sameCut = null;
        for (Cut cut : Cut.ALL) {
            if (cut.pieces.equals(wanted)) {
                if (cut.wholeWords == wholeWords) {
                    return cut.name;
                }
                sameCut = sameCut == null ? cut.name : sameCut;
            }
        }
        return sameCut;
    }

    /// The `pre_tokenizer` that cuts as `splitter` does; null where none of the known does.
    static @Nullable Map<String, Object> json(Splitter splitter) {
        List<String> wanted = pieces(splitter);
        for (Map<String, Object> form : FORMS) {
            Splitter own = new JsonSplitters(true).read(Fields.of(form, "pre_tokenizer"));
            if (own != null && pieces(own).equals(wanted)) {
                return form;
            }
        }
        return null;
    }

    /// All pieces of the samples, an empty one after each sample.
    private static List<String> pieces(Splitter splitter) {
        List<String> pieces = new ArrayList<>();
        for (String sample : SAMPLES) {
            Text text = Text.plain(Utf8.bytes(sample));
            splitter.split(
                    text, 0, text.bytes.length, (t, from, to) -> pieces.add(t.string(from, to)));
            pieces.add("");
        }
        return pieces;
    }

    private static String cased(String suffix, String numbers) {
        return UPPER + "*" + LOWER + "+" + suffix + "|" + UPPER + "+" + LOWER + "*" + suffix
                + "|\\p{N}" + numbers + CASE_REST;
    }

    private static Map<String, Object> sequence(Object... parts) {
        return Map.of("type", "Sequence", "pretokenizers", List.of(parts));
    }

    private static Map<String, Object> split(String expression) {
        return Map.of(
                "type",
                "Split",
                "pattern",
                Map.of("Regex", expression),
                "behavior",
                "Isolated",
                "invert",
                false);
    }

    private static Map<String, Object> byteLevel(boolean words) {
        return Map.of(
                "type",
                "ByteLevel",
                "add_prefix_space",
                false,
                "trim_offsets",
                true,
                "use_regex",
                words);
    }
}
