package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodedStrings;
import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The `model` of a `tokenizer.json`: vocabulary and word model.
///
/// @param splitsAtMarks whether text may be cut before `▁` without changing the result
record JsonModels(Vocabulary vocabulary, WordModel model, boolean splitsAtMarks) {
    /// @param byteLevel whether the vocabulary spells bytes as visible characters
    static JsonModels read(Fields fields, boolean byteLevel) {
        // Old files leave the type out.
        String type = fields.string("type", fields.values().containsKey("merges") ? "BPE" : "");
        if (type.equals("Unigram") || fields.values().get("vocab") instanceof List<?>) {
            return JsonUnigram.read(fields);
        }
        Vocabulary vocabulary = vocabulary(fields, byteLevel);
        return switch (type) {
            case "BPE" -> bytePair(fields, vocabulary);
            case "WordPiece" -> {
                WordPieceModel model =
                        new WordPieceModel(
                                vocabulary,
                                "",
                                fields.string("continuing_subword_prefix", "##"),
                                unknown(fields, vocabulary, "[UNK]"),
                                fields.integer("max_input_chars_per_word", 100));
                yield new JsonModels(vocabulary, model, false);
            }
            case "WordLevel" -> {
                int unknown = unknown(fields, vocabulary, "<unk>");
                WordModel model =
                        (text, from, to, work, out) -> {
                            int id = vocabulary.find(text, from, to);
                            if (id >= 0 || unknown >= 0) {
                                out.add(id >= 0 ? id : unknown, from, to);
                            }
                        };
                yield new JsonModels(vocabulary, model, false);
            }
            default -> throw fields.unknownType();
        };
    }

    private static JsonModels bytePair(Fields fields, Vocabulary vocabulary) {
        String prefix = fields.string("continuing_subword_prefix", "");
        MergeTable merges = MergeReader.read(fields.list("merges"), vocabulary, prefix);
        BytePairModel.Options options =
                new BytePairModel.Options(
                        fields.flag("ignore_merges", false),
                        fields.flag("byte_fallback", false),
                        unknown(fields, vocabulary, ""),
                        fields.flag("fuse_unk", false),
                        prefix,
                        fields.string("end_of_word_suffix", ""));
        boolean splitsAtMarks =
                options.unknown() < 0 || !options.fuseUnknown() || options.byteFallback();
        return new JsonModels(
                vocabulary,
                new BytePairModel(vocabulary, merges, options),
                splitsAtMarks
                        && !vocabulary.byteLevel()
                        && !options.wholeWords()
                        && prefix.isEmpty()
                        && options.suffix().isEmpty()
                        && merges.products().noneMatch(vocabulary::marksInside));
    }

    private static int unknown(Fields fields, Vocabulary vocabulary, String otherwise) {
        return vocabulary.find(fields.string("unk_token", otherwise));
    }

    private static Vocabulary vocabulary(Fields fields, boolean byteLevel) {
        Map<?, ?> ids = fields.required("vocab").values();
        int largest = -1;
        for (Object id : ids.values()) {
            largest = Math.max(largest, fields.id(id, "vocab"));
        }
        if (largest < 0) {
            throw new TokenizerException(fields.place() + ".vocab has no tokens");
        }
        String[] spellings = new String[largest + 1];
        Arrays.fill(spellings, "");
        for (Map.Entry<?, ?> entry : ids.entrySet()) {
            spellings[fields.id(entry.getValue(), "vocab")] = String.valueOf(entry.getKey());
        }
        List<String> list = new ArrayList<>(Arrays.asList(spellings));
        return Vocabulary.of(EncodedStrings.of(list), byteLevel);
    }
}
