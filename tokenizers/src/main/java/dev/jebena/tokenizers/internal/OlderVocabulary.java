package dev.jebena.tokenizers.internal;

import dev.jebena.json.Json;
import dev.jebena.tokenizers.TokenizerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a `tokenizer.json` would say for a folder that has only the files of before: `vocab.txt` of
/// WordPiece, `vocab.json` and `merges.txt` of byte-level BPE, or a SentencePiece model of one of
/// the families whose ids are not those of the model.
final class OlderVocabulary {
    private static final long LARGEST = 64L << 20;
    private static final List<String> BYTE_PAIR_SPECIALS =
            List.of(
                    "<s>",
                    "<pad>",
                    "</s>",
                    "<unk>",
                    "<mask>",
                    "[PAD]",
                    "[CLS]",
                    "[SEP]",
                    "[UNK]",
                    "[MASK]",
                    "<|endoftext|>");

    private final Path folder;
    private final Map<?, ?> config;

    private OlderVocabulary(Path folder) {
        this.folder = folder;
        Path file = folder.resolve("tokenizer_config.json");
        this.config = Files.exists(file) ? JsonTokenizers.read(file).values() : Map.of();
    }

    /// The values of both files; null where the folder has none of these vocabularies.
    static @Nullable Map<String, Object> of(Path folder) {
        OlderVocabulary vocabulary = new OlderVocabulary(folder);
        if (Files.exists(folder.resolve("vocab.txt"))) {
            return vocabulary.wordPieces();
        }
        if (Files.exists(folder.resolve("vocab.json"))
                && Files.exists(folder.resolve("merges.txt"))) {
            return vocabulary.bytePairs();
        }
        return SentencePieceJson.of(folder, vocabulary.family());
    }

    /// The folder's `tokenizer_config.json`.
    static Map<?, ?> config(Path folder) {
        return new OlderVocabulary(folder).config;
    }

    /// `model_type` of the `config.json` beside it; empty if unknown.
    private String family() {
        Path file = folder.resolve("config.json");
        return Files.exists(file) ? JsonTokenizers.read(file).string("model_type", "") : "";
    }

    private Map<String, Object> wordPieces() {
        Map<String, Object> ids = new LinkedHashMap<>();
        for (String line : lines("vocab.txt")) {
            ids.putIfAbsent(line, (long) ids.size());
        }
        String first = ids.containsKey("[CLS]") ? "[CLS]" : "<s>";
        String last = ids.containsKey("[SEP]") ? "[SEP]" : "</s>";
        String unknown = ids.containsKey("[UNK]") ? "[UNK]" : "<unk>";
        Map<String, Object> normalizer = typed("BertNormalizer");
        normalizer.put("clean_text", true);
        normalizer.put("handle_chinese_chars", flag("tokenize_chinese_chars", true));
        normalizer.put("lowercase", flag("do_lower_case", true));
        if (config.get("strip_accents") instanceof Boolean strip) {
            normalizer.put("strip_accents", strip);
        }
        Map<String, Object> model = typed("WordPiece");
        model.put("unk_token", unknown);
        model.put("continuing_subword_prefix", "##");
        model.put("max_input_chars_per_word", 100L);
        model.put("vocab", ids);
        Map<String, Object> decoder = typed("WordPiece");
        decoder.put("prefix", "##");
        decoder.put("cleanup", true);
        Map<String, Object> json = new LinkedHashMap<>();
        List<String> roles = List.of("[PAD]", "<pad>", unknown, first, last, "[MASK]", "<mask>");
        json.put("added_tokens", specials(ids, roles, Set.of("<mask>")));
        json.put("normalizer", normalizer);
        json.put("pre_tokenizer", typed("BertPreTokenizer"));
        // MPNet puts two ends between a pair, as RoBERTa does.
        boolean twice = first.equals("<s>");
        json.put("post_processor", frame(ids, first, last, twice, 1));
        json.put("decoder", decoder);
        json.put("model", model);
        return json;
    }

    private Map<String, Object> bytePairs() {
        Map<String, Object> ids = new LinkedHashMap<>();
        JsonTokenizers.read(folder.resolve("vocab.json"))
                .values()
                .forEach((key, id) -> ids.put(String.valueOf(key), id));
        List<Object> merges = new ArrayList<>();
        for (String line : lines("merges.txt")) {
            if (!line.startsWith("#version") && !line.isBlank()) {
                merges.add(line);
            }
        }
        Map<String, Object> model = typed("BPE");
        model.put("vocab", ids);
        model.put("merges", merges);
        Map<String, Object> splitter = typed("ByteLevel");
        splitter.put("add_prefix_space", flag("add_prefix_space", false));
        splitter.put("trim_offsets", true);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("added_tokens", specials(ids, BYTE_PAIR_SPECIALS, Set.of("<mask>", "[MASK]")));
        json.put("pre_tokenizer", splitter);
        if (ids.containsKey("<s>") && ids.containsKey("</s>")) {
            json.put("post_processor", roberta(ids));
        } else if (ids.containsKey("[CLS]") && ids.containsKey("[SEP]")) {
            json.put("post_processor", frame(ids, "[CLS]", "[SEP]", false, 1));
        } else {
            json.put("post_processor", splitter);
        }
        json.put("decoder", typed("ByteLevel"));
        json.put("model", model);
        return json;
    }

    /// Those of the spellings that are in the vocabulary.
    ///
    /// @param stripping which take the space before them
    private static List<Object> specials(
            Map<String, Object> ids, List<String> spellings, Set<String> stripping) {
        List<Object> added = new ArrayList<>();
        for (String spelling : spellings) {
            if (ids.get(spelling) instanceof Long id) {
                added.add(special(id, spelling, stripping.contains(spelling)));
            }
        }
        return added;
    }

    private Map<String, Object> roberta(Map<String, Object> ids) {
        Map<String, Object> processor = typed("RobertaProcessing");
        processor.put("cls", List.of("<s>", ids.get("<s>")));
        processor.put("sep", List.of("</s>", ids.get("</s>")));
        processor.put("trim_offsets", true);
        processor.put("add_prefix_space", flag("add_prefix_space", false));
        return processor;
    }

    private boolean flag(String key, boolean absent) {
        return config.get(key) instanceof Boolean flag ? flag : absent;
    }

    private List<String> lines(String name) {
        Path file = folder.resolve(name);
        try {
            if (Files.size(file) > LARGEST) {
                throw new TokenizerException(file + ": larger than " + (LARGEST >> 20) + " MiB");
            }
            // Not by any other line ends, which may be tokens.
            String text = Files.readString(file).replace("\r\n", "\n");
            List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
            if (!lines.isEmpty() && lines.getLast().isEmpty()) {
                lines.removeLast();
            }
            return lines;
        } catch (IOException e) {
            throw new TokenizerException(file + ": cannot be read: " + e, e);
        }
    }

    static Map<String, Object> typed(String type) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("type", type);
        return values;
    }

    /// @param stripsLeft whether it takes the space before it
    static Map<String, Object> special(long id, String spelling, boolean stripsLeft) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", spelling);
        token.put("single_word", false);
        token.put("lstrip", stripsLeft);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", true);
        return token;
    }

    /// A text between two tokens; of a pair each, with the second type.
    ///
    /// @param first what stands before; empty for nothing
    /// @param twice whether `last` stands twice between the texts of a pair
    /// @param secondType of the second text's tokens
    static Map<String, Object> frame(
            Map<String, Object> ids, String first, String last, boolean twice, long secondType) {
        List<Object> single = new ArrayList<>();
        Map<String, Object> specials = new LinkedHashMap<>();
        if (!first.isEmpty()) {
            single.add(part("SpecialToken", first, 0));
            specials.put(first, named(ids, first));
        }
        single.add(part("Sequence", "A", 0));
        single.add(part("SpecialToken", last, 0));
        specials.put(last, named(ids, last));
        List<Object> pair = new ArrayList<>(single);
        if (twice) {
            pair.add(part("SpecialToken", last, 0));
        }
        pair.add(part("Sequence", "B", secondType));
        pair.add(part("SpecialToken", last, secondType));
        Map<String, Object> processor = typed("TemplateProcessing");
        processor.put("single", single);
        processor.put("pair", pair);
        processor.put("special_tokens", specials);
        return processor;
    }

    private static Map<String, Object> part(String kind, String id, long type) {
        return Map.of(kind, Map.of("id", id, "type_id", type));
    }

    private static Map<String, Object> named(Map<String, Object> ids, String token) {
        Object id = ids.get(token);
        if (id == null) {
            throw new TokenizerException(
                    "the vocabulary lacks the token " + Json.write(token) + ", which frames texts");
        }
        return Map.of("id", token, "ids", List.of(id), "tokens", List.of(token));
    }
}
