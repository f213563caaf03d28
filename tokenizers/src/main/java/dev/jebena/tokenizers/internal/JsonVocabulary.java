package dev.jebena.tokenizers.internal;

import dev.jebena.json.Json;
import dev.jebena.tokenizers.EncodedStrings;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The vocabulary of a GGUF file as the files of a folder: `tokenizer.json`,
/// `tokenizer_config.json` and `special_tokens_map.json`.
public final class JsonVocabulary {
    private final Map<String, ? extends Object> values;
    private final GgufMetadata metadata;
    private final EncodedStrings tokens;
    private final GgufTokenTypes types;
    private final Tokenizer tokenizer;
    private final boolean byteLevel;

    private JsonVocabulary(Map<String, ? extends Object> values) {
        this.values = values;
        this.metadata = new GgufMetadata(values);
        this.tokenizer = GgufTokenizers.of(values);
        this.tokens = metadata.strings("tokens");
        this.byteLevel = metadata.string("model", "").equals("gpt2");
        Vocabulary vocabulary = Vocabulary.of(tokens, byteLevel);
        this.types = new GgufTokenTypes(metadata, vocabulary, -1);
    }

    /// JSON values by the name of their file.
    public static Map<String, Object> of(Map<String, ? extends Object> metadata) {
        JsonVocabulary vocabulary = new JsonVocabulary(metadata);
        Map<String, Object> files = new LinkedHashMap<>();
        // As a reader will see it.
        Map<String, ?> json = Json.object(Json.parse(Json.write(vocabulary.tokenizerJson())));
        Map<String, Object> config = vocabulary.config();
        VocabularyComparison.check(
                vocabulary.tokenizer,
                JsonTokenizers.of(json, config),
                vocabulary.metadata.string("model", ""),
                "this vocabulary cannot become a tokenizer.json; keep the GGUF file");
        files.put("tokenizer.json", json);
        files.put("tokenizer_config.json", config);
        files.put("special_tokens_map.json", vocabulary.roles());
        return files;
    }

    private Map<String, @Nullable Object> tokenizerJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("truncation", null);
        json.put("padding", null);
        json.put("added_tokens", addedTokens());
        switch (metadata.string("model", "")) {
            case "gpt2" -> byteLevel(json);
            case "llama" -> marked(json);
            case "t5" -> unigram(json);
            case "bert" -> wordPiece(json);
            default ->
                    throw new TokenizerException(
                            "a vocabulary of the kind '%s' has no form in tokenizer.json here; known are gpt2, llama, t5 and bert"
                                    .formatted(metadata.string("model", "")));
        }
        return json;
    }

    private List<Map<String, Object>> addedTokens() {
        List<Map<String, Object>> added = new ArrayList<>();
        for (AddedTokens.Token token : types.tokens()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("id", token.id());
            entry.put("content", tokens.get(token.id()));
            entry.put("single_word", false);
            entry.put("lstrip", token.stripLeft());
            entry.put("rstrip", token.stripRight());
            entry.put("normalized", false);
            entry.put("special", token.special());
            added.add(entry);
        }
        return added;
    }

    private void byteLevel(Map<String, @Nullable Object> json) {
        GgufFamilies family = GgufFamilies.of(metadata.string("pre", "default"));
        Map<String, Object> form = PreTokenizerForms.json(family.splitter());
        if (form == null) {
            throw new TokenizerException(
                    "the pre-tokenizer '%s' has no form in tokenizer.json here; keep the GGUF file"
                            .formatted(metadata.string("pre", "default")));
        }
        Map<String, Object> bytes =
                Map.of(
                        "type", "ByteLevel",
                        "add_prefix_space", true,
                        "trim_offsets", true,
                        "use_regex", true);
        json.put("normalizer", null);
        json.put("pre_tokenizer", form);
        json.put("post_processor", framing(bytes));
        json.put("decoder", bytes);
        Map<String, @Nullable Object> model = bytePairs(null, false, family.wholeWords());
        model.put("vocab", vocabulary(false));
        List<String> merges = new ArrayList<>();
        EncodedStrings stored = metadata.strings("merges");
        for (int i = 0; i < stored.size(); i++) {
            merges.add(stored.get(i));
        }
        model.put("merges", merges);
        json.put("model", model);
    }

    private static Map<String, @Nullable Object> bytePairs(
            @Nullable String unknown, boolean fallback, boolean wholeWords) {
        Map<String, @Nullable Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", unknown);
        model.put("continuing_subword_prefix", null);
        model.put("end_of_word_suffix", null);
        model.put("fuse_unk", fallback);
        model.put("byte_fallback", fallback);
        model.put("ignore_merges", wholeWords);
        return model;
    }

    private void marked(Map<String, @Nullable Object> json) {
        boolean prefix = metadata.flag("add_space_prefix", true);
        Map<String, Object> marks = replace(" ", "▁");
        json.put(
                "normalizer",
                prefix
                        ? Map.of(
                                "type",
                                "Sequence",
                                "normalizers",
                                List.of(Map.of("type", "Prepend", "prepend", "▁"), marks))
                        : marks);
        json.put("pre_tokenizer", null);
        json.put("post_processor", framing(null));
        List<Object> steps =
                new ArrayList<>(
                        List.of(
                                replace("▁", " "),
                                Map.of("type", "ByteFallback"),
                                Map.of("type", "Fuse")));
        if (prefix) {
            steps.add(Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0));
        }
        json.put("decoder", Map.of("type", "Sequence", "decoders", steps));
        OptionalInt unknown = types.id("unknown_token_id", 0);
        Map<String, @Nullable Object> model =
                bytePairs(unknown.isPresent() ? tokens.get(unknown.getAsInt()) : null, true, false);
        model.put("vocab", vocabulary(false));
        model.put("merges", new ScoredMerges(tokens, scores(), types).list());
        json.put("model", model);
    }

    private static Map<String, Object> replace(String from, String to) {
        return Map.of("type", "Replace", "pattern", Map.of("String", from), "content", to);
    }

    private float[] scores() {
        float[] scores = metadata.floats("scores", tokens.size());
        return scores == null ? new float[tokens.size()] : scores;
    }

    private void unigram(Map<String, @Nullable Object> json) {
        boolean prefix = metadata.flag("add_space_prefix", false);
        byte[] charsmap = metadata.bytes("precompiled_charsmap");
        List<Object> steps = new ArrayList<>();
        if (charsmap.length > 0) {
            String text = Base64.getEncoder().encodeToString(charsmap);
            steps.add(Map.of("type", "Precompiled", "precompiled_charsmap", text));
        }
        if (metadata.flag("remove_extra_whitespaces", false)) {
            steps.add(Map.of("type", "Strip", "strip_left", true, "strip_right", true));
            steps.add(
                    Map.of(
                            "type", "Replace",
                            "pattern", Map.of("Regex", " {2,}"),
                            "content", " "));
        }
        json.put(
                "normalizer",
                steps.isEmpty() ? null : Map.of("type", "Sequence", "normalizers", steps));
        Map<String, Object> metaspace =
                Map.of(
                        "type",
                        "Metaspace",
                        "replacement",
                        "▁",
                        "prepend_scheme",
                        prefix ? "always" : "never",
                        "split",
                        true);
        json.put("pre_tokenizer", metaspace);
        json.put("post_processor", framing(null));
        json.put("decoder", metaspace);
        List<List<Object>> vocabulary = new ArrayList<>();
        float[] scores = scores();
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.add(List.of(tokens.get(id), (double) scores[id]));
        }
        Map<String, @Nullable Object> model = new LinkedHashMap<>();
        model.put("type", "Unigram");
        model.put("unk_id", types.id("unknown_token_id", 2).orElse(0));
        model.put("vocab", vocabulary);
        model.put("byte_fallback", false);
        json.put("model", model);
    }

    private void wordPiece(Map<String, @Nullable Object> json) {
        boolean lowercase = metadata.flag("normalizer.lowercase", true);
        Map<String, @Nullable Object> normalizer = new LinkedHashMap<>();
        normalizer.put("type", "BertNormalizer");
        normalizer.put("clean_text", true);
        normalizer.put("handle_chinese_chars", true);
        normalizer.put("strip_accents", metadata.flag("normalizer.strip_accents", lowercase));
        normalizer.put("lowercase", lowercase);
        json.put("normalizer", normalizer);
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put("post_processor", framing(null));
        json.put("decoder", Map.of("type", "WordPiece", "prefix", "##", "cleanup", true));
        OptionalInt unknown = types.id("unknown_token_id", 100);
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "WordPiece");
        model.put("unk_token", unknown.isPresent() ? tokens.get(unknown.getAsInt()) : "[UNK]");
        model.put("continuing_subword_prefix", "##");
        model.put("max_input_chars_per_word", 100);
        model.put("vocab", vocabulary(true));
        json.put("model", model);
    }

    /// Ids by spelling, without the placeholders of a table that is longer than the vocabulary.
    ///
    /// @param wordPieces whether GGUF marks beginnings of words, and the result what continues them
    private Map<String, Object> vocabulary(boolean wordPieces) {
        Map<String, Object> ids = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            boolean placeholder =
                    types.type(id) == GgufTokenTypes.UNUSED && token.equals("[PAD" + id + "]");
            if (wordPieces && types.type(id) == GgufTokenTypes.NORMAL) {
                token = token.startsWith("▁") ? token.substring(1) : "##" + token;
            }
            if (!placeholder) {
                ids.putIfAbsent(token, id);
            }
        }
        return ids;
    }

    /// What stands before and after each text.
    private @Nullable Object framing(@Nullable Object otherwise) {
        int[] empty = tokenizer.encode("", true, true);
        int first = tokenizer.addsBos() && empty.length > 0 ? empty[0] : -1;
        int last = empty.length > (first < 0 ? 0 : 1) ? empty[empty.length - 1] : -1;
        if (first < 0 && last < 0) {
            return otherwise;
        }
        Map<String, Object> special = new LinkedHashMap<>();
        List<Object> one = new ArrayList<>();
        List<Object> pair = new ArrayList<>();
        for (String sequence : List.of("A", "B")) {
            int type = sequence.equals("A") ? 0 : 1;
            List<Object> part = new ArrayList<>();
            boolean again = type == 1 && metadata.string("model", "").equals("bert");
            if (first >= 0 && !again) {
                part.add(special(first, type, special));
            }
            part.add(Map.of("Sequence", Map.of("id", sequence, "type_id", type)));
            if (last >= 0) {
                part.add(special(last, type, special));
            }
            pair.addAll(part);
            if (type == 0) {
                one.addAll(part);
            }
        }
        return Map.of(
                "type",
                "TemplateProcessing",
                "single",
                one,
                "pair",
                pair,
                "special_tokens",
                special);
    }

    private Object special(int id, int type, Map<String, Object> all) {
        String token = tokens.get(id);
        all.put(token, Map.of("id", token, "ids", List.of(id), "tokens", List.of(token)));
        return Map.of("SpecialToken", Map.of("id", token, "type_id", type));
    }

    private Map<String, Object> roles() {
        Map<String, Object> roles = new LinkedHashMap<>();
        for (SpecialRoles.Role role : SpecialRoles.ROLES) {
            OptionalInt id = metadata.id(role.key(), tokens.size());
            if (id.isEmpty()) {
                id =
                        switch (role.name()) {
                            case "bos" -> tokenizer.bos();
                            case "eos" -> tokenizer.eos();
                            default -> id;
                        };
            }
            if (id.isPresent()) {
                roles.put(role.name() + "_token", tokens.get(id.getAsInt()));
            }
        }
        return roles;
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("clean_up_tokenization_spaces", false);
        int[] empty = tokenizer.encode("", true, true);
        config.put("add_bos_token", tokenizer.addsBos());
        config.put("add_eos_token", empty.length > (tokenizer.addsBos() ? 1 : 0));
        config.putAll(roles());
        if (values.get("tokenizer.chat_template") instanceof String template) {
            config.put("chat_template", template);
        }
        return config;
    }
}
