package dev.jebena.tokenizers;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `tokenizer.json` files of a few dozen tokens, one for each way of treating text.
final class SmallVocabularies {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private SmallVocabularies() {}

    static String json(String name) {
        return switch (name) {
            case "bert" -> bert();
            case "digits" ->
                    bytes(sequence(type("Digits", "individual_digits", true), byteLevel(true)));
            case "falcon" ->
                    bytes(
                            sequence(
                                    type("Punctuation", "behavior", "Contiguous"),
                                    byteLevel(true),
                                    type("Digits", "individual_digits", false),
                                    split("[0-9][0-9][0-9]", "Isolated", false)));
            case "metaspace" ->
                    characters(
                            type("Metaspace", "replacement", "▁", "prepend_scheme", "always"), "");
            case "metaspace-first" ->
                    characters(
                            type("Metaspace", "replacement", "▁", "prepend_scheme", "first"), "");
            case "punctuation" ->
                    characters(
                            sequence(
                                    type("WhitespaceSplit"),
                                    type("Punctuation", "behavior", "MergedWithPrevious"),
                                    split("[aeiou]", "MergedWithNext", false)),
                            "");
            case "regex" ->
                    bytes(
                            sequence(
                                    split(
                                            "\\p{N}{1,2}|\\p{Han}+|(?i:straße)|[^\\S\\n]+",
                                            "Isolated",
                                            false),
                                    split("[\\s\\p{P}]+", "MergedWithPrevious", true),
                                    byteLevel(false)));
            case "whitespace" -> characters(type("Whitespace"), "");
            case "clip" -> characters(type("Whitespace"), "</w>");
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Map<String, @Nullable Object> type(String type, Object... more) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("type", type);
        for (int i = 0; i < more.length; i += 2) {
            map.put((String) more[i], more[i + 1]);
        }
        return map;
    }

    private static Map<String, @Nullable Object> sequence(Object... parts) {
        return type("Sequence", "pretokenizers", List.of(parts));
    }

    private static Map<String, @Nullable Object> byteLevel(boolean regex) {
        return type(
                "ByteLevel", "add_prefix_space", regex, "trim_offsets", true, "use_regex", regex);
    }

    private static Map<String, @Nullable Object> split(
            String regex, String behavior, boolean invert) {
        return type(
                "Split", "pattern", Map.of("Regex", regex), "behavior", behavior, "invert", invert);
    }

    private static String file(
            Object model, Object added, @Nullable Object normalizer, Object pre, Object decoder) {
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("version", "1.0");
        file.put("truncation", null);
        file.put("padding", null);
        file.put("added_tokens", added);
        file.put("normalizer", normalizer);
        file.put("pre_tokenizer", pre);
        file.put("post_processor", null);
        file.put("decoder", decoder);
        file.put("model", model);
        return Json.write(file);
    }

    private static Map<String, Object> added(int id, String content, boolean special) {
        return Map.of(
                "id",
                id,
                "content",
                content,
                "single_word",
                !special,
                "lstrip",
                special,
                "rstrip",
                special,
                "normalized",
                !special,
                "special",
                special);
    }

    private static String bytes(Object pre) {
        List<String> vocabulary = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
            vocabulary.add(String.valueOf((char) b));
            if (!visible) {
                vocabulary.set(
                        b,
                        String.valueOf(
                                (char)
                                        (0x100
                                                + b
                                                - (b < 0x21
                                                        ? 0
                                                        : b < 0xAD ? 0x7F - 0x21 : 0xAD - 0x43))));
            }
        }
        List<String> merges = new ArrayList<>();
        for (String merge :
                List.of("Ġ t", "h e", "Ġt he", "1 2", "Ã ©", "Ð ¿", "Ġ Ġ", "e t", "ĠĠ ĠĠ")) {
            merges.add(merge);
            vocabulary.add(merge.replace(" ", ""));
        }
        Object model = bpe(vocabulary, merges, null, "");
        return file(
                model,
                List.of(
                        added(vocabulary.size(), "<|im_end|>", true),
                        added(vocabulary.size() + 1, "the", false)),
                null,
                pre,
                type(
                        "ByteLevel",
                        "add_prefix_space",
                        true,
                        "trim_offsets",
                        true,
                        "use_regex",
                        true));
    }

    private static Object bpe(
            List<String> vocabulary, List<String> merges, @Nullable String unknown, String suffix) {
        Map<String, Object> ids = new LinkedHashMap<>();
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        return type(
                "BPE",
                "unk_token",
                unknown == null ? "" : unknown,
                "end_of_word_suffix",
                suffix,
                "fuse_unk",
                true,
                "byte_fallback",
                false,
                "ignore_merges",
                false,
                "vocab",
                ids,
                "merges",
                merges);
    }

    private static String characters(Object pre, String suffix) {
        List<String> vocabulary = new ArrayList<>(List.of("<unk>", "▁", "日"));
        for (String letter : LETTERS.split("")) {
            vocabulary.add(letter);
            if (!suffix.isEmpty()) {
                vocabulary.add(letter + suffix);
            }
        }
        List<String> merges = new ArrayList<>(List.of("t h", "e l", "▁ th", "o n"));
        vocabulary.addAll(List.of("th", "el", "▁th", "on"));
        if (!suffix.isEmpty()) {
            merges.add("th e" + suffix);
            vocabulary.add("the" + suffix);
        }
        Object decoder =
                suffix.isEmpty()
                        ? type("Metaspace", "replacement", "▁", "prepend_scheme", "always")
                        : type("BPEDecoder", "suffix", suffix);
        return file(
                bpe(vocabulary, merges, "<unk>", suffix),
                List.of(
                        added(vocabulary.size(), "[MASK]", true),
                        added(vocabulary.size() + 1, "return", false)),
                type("Sequence", "normalizers", List.of(type("NFKC"), type("Lowercase"))),
                pre,
                decoder);
    }

    private static String bert() {
        List<String> vocabulary =
                new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        for (String letter : (LETTERS + "0123456789.,!?'-(){}=<>|日本語").split("")) {
            vocabulary.add(letter);
            vocabulary.add("##" + letter);
        }
        vocabulary.addAll(List.of("the", "return", "##ello", "cafe", "don", "##tanbul"));
        Map<String, Object> ids = new LinkedHashMap<>();
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        Map<String, @Nullable Object> normalizer =
                type(
                        "BertNormalizer",
                        "clean_text",
                        true,
                        "handle_chinese_chars",
                        true,
                        "lowercase",
                        true);
        normalizer.put("strip_accents", null);
        return file(
                type(
                        "WordPiece",
                        "unk_token",
                        "[UNK]",
                        "continuing_subword_prefix",
                        "##",
                        "max_input_chars_per_word",
                        10,
                        "vocab",
                        ids),
                List.of(added(3, "[SEP]", true), added(4, "[MASK]", true)),
                normalizer,
                type("BertPreTokenizer"),
                type("WordPiece", "prefix", "##", "cleanup", true));
    }
}
