package dev.jebena.tokenizers;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A `tokenizer.json` for each component, on vocabularies that show every byte of what it makes of
/// a text.
final class ComponentVocabularies {
    private static final List<String> NORMALIZERS =
            List.of(
                    "NFC",
                    "NFD",
                    "NFKC",
                    "NFKD",
                    "Nmt",
                    "Lowercase",
                    "StripAccents",
                    "Strip",
                    "StripLeft",
                    "Prepend",
                    "Replace",
                    "ReplaceLong",
                    "ReplaceRegex",
                    "Bert",
                    "BertCased",
                    "Precompiled",
                    "Sequence");
    private static final List<String> PRE_TOKENIZERS =
            List.of(
                    "BertPreTokenizer",
                    "ByteLevel",
                    "ByteLevelSpace",
                    "CharDelimiterSplit",
                    "Digits",
                    "DigitsAlone",
                    "FixedLength",
                    "Metaspace",
                    "MetaspaceFirst",
                    "MetaspaceOther",
                    "MetaspaceWhole",
                    "Punctuation",
                    "PunctuationNext",
                    "SplitRemoved",
                    "SplitInverted",
                    "UnicodeScripts",
                    "Whitespace",
                    "WhitespaceSplit",
                    "BoundToSpelling");
    private static final List<String> FRAMES =
            List.of("Template", "TemplateTypes", "BertProcessing", "Roberta", "ByteLevelTrim");
    private static final List<String> DECODERS =
            List.of(
                    "BPEDecoder",
                    "ByteFallback",
                    "CTC",
                    "FuseStrip",
                    "MetaspaceDecoder",
                    "ReplaceRegexDecoder",
                    "ReplaceFused",
                    "StripEach",
                    "WordPieceDecoder");

    private ComponentVocabularies() {}

    /// All names, each with what kind of component it is.
    static List<String> names() {
        List<String> names = new ArrayList<>();
        NORMALIZERS.forEach(name -> names.add("normalizer " + name));
        PRE_TOKENIZERS.forEach(name -> names.add("pre-tokenizer " + name));
        FRAMES.forEach(name -> names.add("frame " + name));
        DECODERS.forEach(name -> names.add("decoder " + name));
        List.of("Unigram", "UnigramBytes", "WordLevel", "WordPiece")
                .forEach(name -> names.add("model " + name));
        return names;
    }

    static String json(String kindAndName) {
        String name = kindAndName.substring(kindAndName.indexOf(' ') + 1);
        Object bytes = bytePairs();
        return switch (kindAndName.substring(0, kindAndName.indexOf(' '))) {
            case "normalizer" -> file(bytes, normalizer(name), null, null, null);
            case "pre-tokenizer" ->
                    file(
                            name.startsWith("ByteLevel") || name.startsWith("Bound")
                                    ? byteLevelPairs()
                                    : bytes,
                            null,
                            preTokenizer(name),
                            null,
                            null);
            case "frame" ->
                    file(byteLevelPairs(), null, preTokenizer("ByteLevelSpace"), frame(name), null);
            case "decoder" -> file(bytes, null, null, null, decoder(name));
            default -> model(name);
        };
    }

    private static Map<String, @Nullable Object> type(String type, Object... more) {
        return SmallVocabularies.type(type, more);
    }

    private static Object regex(String expression) {
        return Map.of("Regex", expression);
    }

    private static Object normalizer(String name) {
        return switch (name) {
            case "Strip" -> type("Strip", "strip_left", true, "strip_right", true);
            case "StripLeft" -> type("Strip", "strip_left", true, "strip_right", false);
            case "Prepend" -> type("Prepend", "prepend", "▁x");
            case "Replace" -> type("Replace", "pattern", Map.of("String", " "), "content", "▁");
            case "ReplaceLong" ->
                    type("Replace", "pattern", Map.of("String", "the"), "content", "日é");
            case "ReplaceRegex" ->
                    type("Replace", "pattern", regex("[aeiou\\s]+|日"), "content", "__");
            case "Bert" -> bert(true);
            case "BertCased" -> bert(false);
            case "Precompiled" -> precompiled();
            case "Sequence" ->
                    type(
                            "Sequence",
                            "normalizers",
                            List.of(
                                    type("NFKD"),
                                    type("StripAccents"),
                                    type("Lowercase"),
                                    type("Replace", "pattern", regex(" {2,}"), "content", " "),
                                    type("Strip", "strip_left", true, "strip_right", true)));
            default -> type(name);
        };
    }

    private static Object bert(boolean lowercase) {
        Map<String, @Nullable Object> bert =
                type(
                        "BertNormalizer",
                        "clean_text",
                        true,
                        "handle_chinese_chars",
                        true,
                        "lowercase",
                        lowercase);
        bert.put("strip_accents", null);
        return bert;
    }

    /// The rules of a small SentencePiece model.
    static Map<String, @Nullable Object> precompiled() {
        byte[] model = SentencePieceTest.model("unigram_unk");
        return type(
                "Precompiled",
                "precompiled_charsmap",
                Base64.getEncoder().encodeToString(ModelFields.characterMap(model)));
    }

    private static Object preTokenizer(String name) {
        return switch (name) {
            case "ByteLevel" ->
                    type(
                            "ByteLevel",
                            "add_prefix_space",
                            false,
                            "trim_offsets",
                            true,
                            "use_regex",
                            true);
            case "ByteLevelSpace" ->
                    type(
                            "ByteLevel",
                            "add_prefix_space",
                            true,
                            "trim_offsets",
                            true,
                            "use_regex",
                            true);
            case "CharDelimiterSplit" -> type(name, "delimiter", "e");
            case "Digits" -> type("Digits", "individual_digits", false);
            case "DigitsAlone" -> type("Digits", "individual_digits", true);
            case "FixedLength" -> type(name, "length", 3);
            case "Metaspace" -> metaspace("▁", "always", true);
            case "MetaspaceFirst" -> metaspace("▁", "first", true);
            case "MetaspaceOther" -> metaspace("é", "never", true);
            case "MetaspaceWhole" -> metaspace("▁", "always", false);
            case "Punctuation" -> type("Punctuation", "behavior", "Isolated");
            case "PunctuationNext" -> type("Punctuation", "behavior", "MergedWithNext");
            case "SplitRemoved" ->
                    type(
                            "Split",
                            "pattern",
                            Map.of("String", "e"),
                            "behavior",
                            "Removed",
                            "invert",
                            false);
            case "SplitInverted" ->
                    type(
                            "Split",
                            "pattern",
                            regex("\\p{L}+"),
                            "behavior",
                            "Contiguous",
                            "invert",
                            true);
            case "BoundToSpelling" ->
                    type(
                            "Sequence",
                            "pretokenizers",
                            List.of(
                                    preTokenizer("ByteLevel"),
                                    type("Digits", "individual_digits", true)));
            default -> type(name);
        };
    }

    private static Object metaspace(String mark, String scheme, boolean split) {
        return type("Metaspace", "replacement", mark, "prepend_scheme", scheme, "split", split);
    }

    private static Object frame(String name) {
        return switch (name) {
            case "Template" -> template(0, 0);
            case "TemplateTypes" -> template(2, 1);
            case "BertProcessing" ->
                    type(name, "sep", List.of("</s>", 2), "cls", List.of("<s>", 1));
            case "Roberta" ->
                    type(
                            "RobertaProcessing",
                            "sep",
                            List.of("</s>", 2),
                            "cls",
                            List.of("<s>", 1),
                            "trim_offsets",
                            true,
                            "add_prefix_space",
                            true);
            default ->
                    type(
                            "Sequence",
                            "processors",
                            List.of(
                                    type(
                                            "ByteLevel",
                                            "add_prefix_space",
                                            false,
                                            "trim_offsets",
                                            true,
                                            "use_regex",
                                            true),
                                    template(0, 1)));
        };
    }

    private static Object template(int first, int second) {
        Object start = Map.of("SpecialToken", Map.of("id", "<s>", "type_id", first));
        Object end = Map.of("SpecialToken", Map.of("id", "</s>", "type_id", second));
        Object one = Map.of("Sequence", Map.of("id", "A", "type_id", first));
        Object two = Map.of("Sequence", Map.of("id", "B", "type_id", second));
        return type(
                "TemplateProcessing",
                "single",
                List.of(start, one, end),
                "pair",
                List.of(start, one, end, two, end),
                "special_tokens",
                Map.of(
                        "<s>",
                        Map.of("id", "<s>", "ids", List.of(1), "tokens", List.of("<s>")),
                        "</s>",
                        Map.of("id", "</s>", "ids", List.of(2), "tokens", List.of("</s>"))));
    }

    private static Object decoder(String name) {
        Object fuse = type("Fuse");
        Object bytes = type("ByteFallback");
        return switch (name) {
            case "BPEDecoder" -> type(name, "suffix", "e");
            case "CTC" ->
                    type(name, "pad_token", "a", "word_delimiter_token", "e", "cleanup", true);
            case "FuseStrip" ->
                    decoders(bytes, fuse, type("Strip", "content", "t", "start", 2, "stop", 0));
            case "MetaspaceDecoder" -> metaspace("▁", "always", true);
            case "ReplaceRegexDecoder" ->
                    decoders(type("Replace", "pattern", regex("[aeiou]"), "content", "__"), bytes);
            case "ReplaceFused" ->
                    decoders(
                            bytes,
                            fuse,
                            type("Replace", "pattern", Map.of("String", "th"), "content", "T"));
            case "StripEach" -> type("Strip", "content", "t", "start", 1, "stop", 0);
            case "WordPieceDecoder" -> type("WordPiece", "prefix", "t", "cleanup", true);
            default -> type(name);
        };
    }

    private static Object decoders(Object... steps) {
        return type("Sequence", "decoders", List.of(steps));
    }

    private static String model(String name) {
        return switch (name) {
            case "Unigram" ->
                    file(
                            ModelFields.unigram(SentencePieceTest.model("unigram_unk"), false),
                            precompiled(),
                            metaspace("▁", "always", true),
                            null,
                            metaspace("▁", "always", true));
            case "UnigramBytes" ->
                    file(
                            ModelFields.unigram(SentencePieceTest.model("unigram"), true),
                            precompiled(),
                            metaspace("▁", "first", false),
                            null,
                            null);
            case "WordLevel" ->
                    file(
                            type(
                                    "WordLevel",
                                    "vocab",
                                    Map.of(
                                            "<unk>", 0, "<s>", 1, "</s>", 2, "the", 3, "return", 4,
                                            " ", 5),
                                    "unk_token",
                                    "<unk>"),
                            null,
                            type("Whitespace"),
                            null,
                            null);
            default -> SmallVocabularies.json("bert");
        };
    }

    private static Object bytePairs() {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        for (String token : List.of("<unk>", "<s>", "</s>")) {
            vocabulary.put(token, vocabulary.size());
        }
        for (int b = 0; b < 256; b++) {
            vocabulary.put(String.format("<0x%02X>", b), vocabulary.size());
        }
        for (String token : "abcdefghijklmnopqrstuvwxyz".split("")) {
            vocabulary.put(token, vocabulary.size());
        }
        for (String token : List.of("▁", "é", "日", "th", "the", "re", "▁the")) {
            vocabulary.put(token, vocabulary.size());
        }
        return bpe(vocabulary, List.of("t h", "th e", "r e", "▁ the"), true);
    }

    private static Object byteLevelPairs() {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        for (String token : List.of("<unk>", "<s>", "</s>")) {
            vocabulary.put(token, vocabulary.size());
        }
        for (int b = 0; b < 256; b++) {
            vocabulary.put(PreTokenizersTest.spelling(b), vocabulary.size());
        }
        for (String token : List.of("Ġt", "he", "Ġthe", "ĠĠ", "Ã©")) {
            vocabulary.put(token, vocabulary.size());
        }
        return bpe(vocabulary, List.of("Ġ t", "h e", "Ġt he", "Ġ Ġ", "Ã ©"), false);
    }

    private static Object bpe(Map<String, Object> vocabulary, List<String> merges, boolean bytes) {
        return type(
                "BPE",
                "unk_token",
                "<unk>",
                "fuse_unk",
                false,
                "byte_fallback",
                bytes,
                "ignore_merges",
                false,
                "vocab",
                vocabulary,
                "merges",
                merges);
    }

    private static Object added(int id, String content) {
        return Map.of(
                "id",
                id,
                "content",
                content,
                "single_word",
                false,
                "lstrip",
                false,
                "rstrip",
                id == 2,
                "normalized",
                false,
                "special",
                true);
    }

    private static String file(
            Object model,
            @Nullable Object normalizer,
            @Nullable Object pre,
            @Nullable Object post,
            @Nullable Object decoder) {
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("version", "1.0");
        file.put("truncation", null);
        file.put("padding", null);
        file.put("added_tokens", List.of(added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")));
        file.put("normalizer", normalizer);
        file.put("pre_tokenizer", pre);
        file.put("post_processor", post);
        file.put("decoder", decoder);
        file.put("model", model);
        return Json.write(file);
    }
}
