package dev.jebena.tokenizers.internal;

import dev.jebena.json.Json;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The vocabulary of a folder as the `tokenizer.ggml.*` keys of a GGUF file.
public final class GgufVocabulary {
    private final Path folder;
    private final int rows;
    private final @Nullable String pre;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private String[] tokens = new String[0];
    private int[] types = new int[0];
    private final Map<String, Integer> ids = new HashMap<>();

    private GgufVocabulary(Path folder, int rows, @Nullable String pre) {
        this.folder = folder;
        this.rows = rows;
        this.pre = pre;
    }

    /// @param rows of the embedding table; ids without a token get a placeholder
    /// @param pre the pre-tokenizer's name; null to find it
    public static Map<String, Object> of(Path folder, int rows, @Nullable String pre) {
        GgufVocabulary vocabulary = new GgufVocabulary(folder, rows, pre);
        Path json = folder.resolve("tokenizer.json");
        Path pieces = folder.resolve("tokenizer.model");
        Tokenizer source = Tokenizer.ofFolder(folder);
        if (Files.exists(json)) {
            vocabulary.read(JsonTokenizers.read(json), pieces);
        } else {
            SentencePieceFile file = SentencePieceFile.read(pieces);
            vocabulary.allocate(file.pieces.size());
            vocabulary.sentencePiece(file);
        }
        vocabulary.addRoles();
        vocabulary.addFraming(source);
        if (pre == null) {
            VocabularyComparison.check(
                    source,
                    GgufTokenizers.of(vocabulary.values),
                    String.valueOf(vocabulary.values.get("tokenizer.ggml.model")),
                    "name another pre-tokenizer with --pre, whose tokens are then not compared");
        }
        return vocabulary.values;
    }

    private void read(Fields file, Path pieces) {
        Fields model = file.required("model");
        Fields before = file.child("pre_tokenizer");
        Fields normalizer = file.child("normalizer");
        boolean byteLevel =
                JsonSplitters.spellsBytes(before) || JsonSplitters.spellsBytes(normalizer);
        boolean list = model.values().get("vocab") instanceof List<?>;
        String type = model.string("type", list ? "Unigram" : "BPE");
        List<Fields> added = file.children("added_tokens");
        allocate(largestId(model, added) + 1);
        readTokens(model);
        for (Fields token : added) {
            boolean special = token.flag("special", false);
            int kind = special ? GgufTokenTypes.CONTROL : GgufTokenTypes.USER_DEFINED;
            put(token.id(token.values().get("id"), "id"), token.string("content"), kind);
        }
        switch (type) {
            case "BPE" -> {
                if (byteLevel) {
                    byteLevel(file, model, before);
                } else {
                    marked(file, model, pieces);
                }
            }
            case "Unigram" -> unigram(file, model);
            case "WordPiece" -> wordPiece(model, normalizer);
            default -> throw model.unknownType();
        }
    }

    private static int largestId(Fields model, List<Fields> added) {
        int largest = -1;
        if (model.values().get("vocab") instanceof List<?> list) {
            largest = list.size() - 1;
        } else {
            for (Object id : model.required("vocab").values().values()) {
                largest = Math.max(largest, model.id(id, "vocab"));
            }
        }
        for (Fields token : added) {
            largest = Math.max(largest, token.id(token.values().get("id"), "id"));
        }
        return largest;
    }

    private void allocate(int size) {
        if (rows > 0 && size > rows) {
            throw new TokenizerException(
                    "%s: the vocabulary has %d tokens, the embedding table %d rows"
                            .formatted(folder, size, rows));
        }
        tokens = new String[Math.max(size, rows)];
        types = new int[tokens.length];
        for (int id = 0; id < tokens.length; id++) {
            tokens[id] = "[PAD" + id + "]";
        }
        Arrays.fill(types, GgufTokenTypes.UNUSED);
    }

    private void put(int id, String token, int type) {
        tokens[id] = token;
        types[id] = type;
        ids.put(token, id);
    }

    private void readTokens(Fields model) {
        if (model.values().get("vocab") instanceof List<?> list) {
            for (int id = 0; id < list.size(); id++) {
                if (list.get(id) instanceof List<?> pair
                        && pair.size() == 2
                        && pair.getFirst() instanceof String token) {
                    put(id, token, GgufTokenTypes.NORMAL);
                }
            }
            return;
        }
        for (Map.Entry<?, ?> entry : model.required("vocab").values().entrySet()) {
            int id = model.id(entry.getValue(), "vocab");
            put(id, String.valueOf(entry.getKey()), GgufTokenTypes.NORMAL);
        }
    }

    private void byteLevel(Fields file, Fields model, @Nullable Fields before) {
        boolean wholeWords = model.flag("ignore_merges", false);
        String name = pre;
        if (name == null) {
            name = PreTokenizerForms.name(new JsonSplitters(true).read(before), wholeWords);
        }
        if (name == null) {
            throw new TokenizerException(
                    "%s: no pre-tokenizer of GGUF files cuts text as this one does: %s; name the closest with --pre, for example --pre gpt-2"
                            .formatted(
                                    file.place(),
                                    before == null ? "none" : shortened(before.values())));
        }
        set("model", "gpt2");
        set("pre", name);
        setTokens();
        List<String> merges = new ArrayList<>();
        for (Object merge : model.list("merges")) {
            merges.add(MergeScores.joined(merge));
        }
        set("merges", merges);
    }

    private static String shortened(Object value) {
        String text = Json.write(value);
        return text.length() > 400 ? text.substring(0, 400) + "..." : text;
    }

    /// Byte pairs of characters with spaces as `▁`, which GGUF files hold as SentencePiece does: by
    /// a score of each token instead of a list of merges.
    private void marked(Fields file, Fields model, Path pieces) {
        boolean fallback = model.flag("byte_fallback", false);
        String json =
                Json.write(file.values().get("normalizer"))
                        + Json.write(file.values().get("pre_tokenizer"));
        if (!json.contains("▁")) {
            throw new TokenizerException(
                    file.place()
                            + ": byte pairs that are neither ByteLevel nor write spaces as ▁ have no form in GGUF files");
        }
        markTypes(model.string("unk_token", ""), fallback);
        float[] scores = MergeScores.none(tokens.length);
        if (Files.exists(pieces)) {
            SentencePieceFile stored = SentencePieceFile.read(pieces);
            int[] kinds = stored.types.toArray();
            for (int id = 0; id < Math.min(scores.length, stored.pieces.size()); id++) {
                scores[id] = stored.scores[id];
                types[id] = kinds[id];
            }
        } else {
            MergeScores.fill(model, ids, scores);
        }
        set("model", "llama");
        set("pre", pre == null ? "default" : pre);
        setTokens();
        set("scores", scores);
        set("add_space_prefix", json.contains("\"Prepend\"") || prefixes(file));
    }

    private static boolean prefixes(Fields file) {
        Fields metaspace = component(file.child("pre_tokenizer"), "Metaspace");
        return metaspace != null
                && !metaspace.string("prepend_scheme", "always").equals("never")
                && metaspace.flag("add_prefix_space", true);
    }

    /// The first part of a pre-tokenizer or normalizer of this type; null where there is none.
    private static @Nullable Fields component(@Nullable Fields fields, String type) {
        if (fields == null || fields.string("type", "").equals(type)) {
            return fields;
        }
        for (String key : List.of("pretokenizers", "normalizers")) {
            for (Fields child : fields.children(key)) {
                Fields found = component(child, type);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private void markTypes(String unknown, boolean fallback) {
        for (int id = 0; id < tokens.length; id++) {
            if (tokens[id].equals(unknown) && !unknown.isEmpty()) {
                types[id] = GgufTokenTypes.UNKNOWN;
                values.put("tokenizer.ggml.unknown_token_id", (long) id);
            } else if (fallback && tokens[id].matches("<0x[0-9A-F]{2}>")) {
                types[id] = GgufTokenTypes.BYTE;
            }
        }
    }

    private void unigram(Fields file, Fields model) {
        float[] scores = new float[tokens.length];
        int id = 0;
        for (Object entry : model.list("vocab")) {
            if (entry instanceof List<?> pair
                    && pair.size() == 2
                    && pair.getLast() instanceof Number score) {
                scores[id] = score.floatValue();
            }
            id++;
        }
        int unknown = model.integer("unk_id", -1);
        if (unknown >= 0 && unknown < types.length) {
            types[unknown] = GgufTokenTypes.UNKNOWN;
            values.put("tokenizer.ggml.unknown_token_id", (long) unknown);
        }
        Fields charsmap = component(file.child("normalizer"), "Precompiled");
        set("model", "t5");
        set("pre", pre == null ? "default" : pre);
        setTokens();
        set("scores", scores);
        set("add_space_prefix", prefixes(file));
        set(
                "remove_extra_whitespaces",
                component(file.child("pre_tokenizer"), "WhitespaceSplit") != null
                        || shortenedNormalizer(file).contains(" {2,}"));
        if (charsmap != null) {
            byte[] blob = Base64.getDecoder().decode(charsmap.string("precompiled_charsmap", ""));
            setBytes(blob);
        }
    }

    private static String shortenedNormalizer(Fields file) {
        return Json.write(file.values().get("normalizer"));
    }

    private void setBytes(byte[] blob) {
        if (blob.length > 0) {
            int[] bytes = new int[blob.length];
            Arrays.setAll(bytes, i -> blob[i] & 0xFF);
            set("precompiled_charsmap", bytes);
        }
    }

    /// GGUF marks the beginnings of words, not what continues them.
    private void wordPiece(Fields model, @Nullable Fields normalizer) {
        String prefix = model.string("continuing_subword_prefix", "##");
        String unknown = model.string("unk_token", "[UNK]");
        for (int id = 0; id < tokens.length; id++) {
            String token = tokens[id];
            if (token.equals(unknown)) {
                values.put("tokenizer.ggml.unknown_token_id", (long) id);
            }
            if (types[id] == GgufTokenTypes.NORMAL && !token.equals(unknown)) {
                boolean continues = !prefix.isEmpty() && token.startsWith(prefix);
                tokens[id] = continues ? token.substring(prefix.length()) : "▁" + token;
            }
        }
        set("model", "bert");
        set("pre", pre == null ? "default" : pre);
        setTokens();
        boolean lowercase = normalizer == null || normalizer.flag("lowercase", true);
        if (!lowercase) {
            set("normalizer.lowercase", false);
        }
        boolean strip =
                normalizer == null
                        || (normalizer.values().get("strip_accents") == null
                                ? lowercase
                                : normalizer.flag("strip_accents", lowercase));
        if (strip != lowercase) {
            set("normalizer.strip_accents", strip);
        }
    }

    private void sentencePiece(SentencePieceFile file) {
        int[] stored = file.types.toArray();
        for (int id = 0; id < file.pieces.size(); id++) {
            put(id, file.pieces.get(id), stored[id]);
        }
        boolean unigram = file.modelType == SentencePieceFile.UNIGRAM;
        if (!unigram && file.modelType != SentencePieceFile.BYTE_PAIRS) {
            throw new TokenizerException(
                    file.place + ": only Unigram and BPE models have a form in GGUF files");
        }
        set("model", unigram ? "t5" : "llama");
        set("pre", pre == null ? "default" : pre);
        setTokens();
        set("scores", Arrays.copyOf(file.scores, tokens.length));
        set("add_space_prefix", file.dummyPrefix);
        set("remove_extra_whitespaces", file.mergeSpaces);
        setBytes(file.characterMap);
        if (file.unknown >= 0) {
            set("unknown_token_id", (long) file.unknown);
        }
        if (file.bos >= 0) {
            set("bos_token_id", (long) file.bos);
        }
        if (file.eos >= 0) {
            set("eos_token_id", (long) file.eos);
        }
    }

    private void addRoles() {
        SpecialRoles roles =
                new SpecialRoles(folder, text -> ids.getOrDefault(text, -1), tokens.length);
        roles.ids().forEach((key, id) -> values.put("tokenizer.ggml." + key, id));
        if ("bert".equals(values.get("tokenizer.ggml.model"))) {
            copyRole("cls_token_id", "bos_token_id");
            copyRole("seperator_token_id", "eos_token_id");
        }
    }

    /// What stands around a text.
    private void addFraming(Tokenizer source) {
        if ("bert".equals(values.get("tokenizer.ggml.model"))) {
            return;
        }
        int[] around = source.encode("", true, true);
        boolean first = source.addsBos() && around.length > 0;
        boolean last = around.length > (first ? 1 : 0);
        set("add_bos_token", first);
        set("add_eos_token", last);
        if (first) {
            set("bos_token_id", (long) around[0]);
        }
        if (last) {
            set("eos_token_id", (long) around[around.length - 1]);
        }
    }

    private void copyRole(String from, String to) {
        Object id = values.get("tokenizer.ggml." + from);
        if (id != null) {
            values.put("tokenizer.ggml." + to, id);
        }
    }

    private void setTokens() {
        set("tokens", List.of(tokens));
        set("token_type", types);
    }

    private void set(String key, Object value) {
        values.put("tokenizer.ggml." + key, value);
    }
}
