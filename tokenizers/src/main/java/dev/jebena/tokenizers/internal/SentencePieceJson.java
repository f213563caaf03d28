package dev.jebena.tokenizers.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A SentencePiece model as the `tokenizer.json` that transformers makes of it, for families that
/// number or frame tokens in their own way: ALBERT, CamemBERT, DeBERTa 2 and 3, MarianMT, Pegasus,
/// T5, XLM-RoBERTa.
final class SentencePieceJson {
    /// Below every real score, so that text is never spelled with such a token.
    private static final double UNUSED = -1_000_000;

    private final Map<?, ?> config;
    private final List<List<Object>> pieces = new ArrayList<>();
    private final Map<String, Object> ids = new HashMap<>();
    private final List<Object> added = new ArrayList<>();
    private final SentencePieceFile file;

    private SentencePieceJson(Path folder, String name) {
        this.config = OlderVocabulary.config(folder);
        this.file = SentencePieceFile.read(folder.resolve(name));
    }

    /// Null where the folder has no such model, or one of another algorithm than Unigram.
    static @Nullable Map<String, Object> of(Path folder, String family) {
        String name =
                switch (family) {
                    case "albert", "t5", "mt5", "pegasus" -> "spiece.model";
                    case "deberta-v2" -> "spm.model";
                    case "xlm-roberta", "camembert" -> "sentencepiece.bpe.model";
                    case "marian" -> "source.spm";
                    default -> "";
                };
        if (name.isEmpty() || !Files.exists(folder.resolve(name))) {
            return null;
        }
        SentencePieceJson json = new SentencePieceJson(folder, name);
        if (json.file.modelType != SentencePieceFile.UNIGRAM) {
            return null;
        }
        return switch (family) {
            case "albert" -> json.albert();
            case "t5", "mt5" -> json.t5();
            case "pegasus" -> json.pegasus();
            case "deberta-v2" -> json.deberta();
            case "xlm-roberta" -> json.roberta(List.of("<s>", "<pad>", "</s>", "<unk>"), 3);
            case "camembert" ->
                    json.roberta(
                            List.of("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED"),
                            1);
            default -> json.marian(folder);
        };
    }

    private Map<String, Object> albert() {
        // Digits before a comma are a token of their own, so pieces that join them are not used.
        addPieces(0, piece -> piece.matches(".*\\d,.*") ? -100 : 0);
        add("[MASK]", true);
        List<Object> steps = new ArrayList<>();
        steps.add(replaced("String", "``", "\""));
        steps.add(replaced("String", "''", "\""));
        if (!flag("keep_accents", false)) {
            steps.add(OlderVocabulary.typed("NFKD"));
            steps.add(OlderVocabulary.typed("StripAccents"));
        }
        if (flag("do_lower_case", true)) {
            steps.add(OlderVocabulary.typed("Lowercase"));
        }
        charactersMapped(steps);
        steps.add(replaced("Regex", " {2,}", " "));
        return json(
                steps,
                metaspace(),
                OlderVocabulary.frame(ids, "[CLS]", "[SEP]", false, 1),
                file.unknown);
    }

    private Map<String, Object> deberta() {
        addPieces(0, piece -> 0);
        add("[MASK]", false);
        List<Object> steps = new ArrayList<>();
        if (flag("do_lower_case", false)) {
            steps.add(OlderVocabulary.typed("Lowercase"));
        }
        steps.add(stripped(true));
        charactersMapped(steps);
        steps.add(replaced("Regex", " {2,}", " "));
        return json(
                steps,
                metaspace(),
                OlderVocabulary.frame(ids, "[CLS]", "[SEP]", false, 1),
                file.unknown);
    }

    private Map<String, Object> t5() {
        addPieces(0, piece -> 0);
        int extra = config.get("extra_ids") instanceof Long count ? count.intValue() : 100;
        for (int i = Math.min(extra, 1000) - 1; i >= 0; i--) {
            add("<extra_id_" + i + ">", false);
        }
        return json(
                standardSteps(),
                metaspace(),
                OlderVocabulary.frame(ids, "", "</s>", false, 0),
                file.unknown);
    }

    private Map<String, Object> pegasus() {
        int offset = config.get("offset") instanceof Long count ? count.intValue() : 103;
        add("<pad>", false);
        add("</s>", false);
        add("<mask_1>", false);
        add("<mask_2>", false);
        for (int i = 2; ids.size() < Math.clamp(offset + 2L, 4, 1000); i++) {
            put("<unk_" + i + ">", -100);
            added.add(OlderVocabulary.special(ids.size() - 1L, "<unk_" + i + ">", false));
        }
        addPieces(2, piece -> 0);
        Map<String, Object> splitter = OlderVocabulary.typed("Sequence");
        splitter.put(
                "pretokenizers", List.of(OlderVocabulary.typed("WhitespaceSplit"), metaspace()));
        Map<String, Object> frame = OlderVocabulary.frame(ids, "", "</s>", false, 0);
        // Nothing stands between the texts of a pair.
        List<Object> pair = new ArrayList<>((List<?>) frame.get("pair"));
        pair.remove(1);
        frame.put("pair", pair);
        return json(standardSteps(), splitter, frame, file.unknown + offset);
    }

    /// @param before the tokens that stand before those of the model
    /// @param skipped how many of the model's own are left out
    private Map<String, Object> roberta(List<String> before, int skipped) {
        before.forEach(token -> {
            put(token, token.equals("<unk>NOTUSED") ? -100 : 0);
            if (!token.endsWith("NOTUSED")) {
                added.add(OlderVocabulary.special(ids.size() - 1L, token, false));
            }
        });
        addPieces(skipped, piece -> 0);
        add("<mask>", true);
        return json(
                standardSteps(),
                metaspace(),
                OlderVocabulary.frame(ids, "<s>", "</s>", true, 0),
                3);
    }

    /// The ids of both languages are in `vocab.json`, the scores of one in its model.
    private Map<String, Object> marian(Path folder) {
        Map<String, Float> scores = new HashMap<>();
        for (int i = 0; i < file.pieces.size(); i++) {
            scores.put(file.pieces.get(i), file.scores[i]);
        }
        Map<?, ?> known = JsonTokenizers.read(folder.resolve("vocab.json")).values();
        Map<Long, String> byId = new HashMap<>();
        known.forEach((token, id) -> {
            if (id instanceof Long number) {
                byId.put(number, String.valueOf(token));
            }
        });
        for (long id = 0; id < byId.size(); id++) {
            String token = byId.getOrDefault(id, "<unused_" + id + ">");
            put(token, scores.containsKey(token) ? scores.get(token) : UNUSED);
            boolean language = token.startsWith(">>") && token.endsWith("<<");
            if (language || List.of("</s>", "<unk>", "<pad>").contains(token)) {
                added.add(OlderVocabulary.special(id, token, false));
            }
        }
        List<Object> steps = new ArrayList<>();
        charactersMapped(steps);
        steps.add(stripped(true));
        steps.add(replaced("Regex", " {2,}", " "));
        int unknown = ids.get("<unk>") instanceof Long id ? id.intValue() : 1;
        return json(steps, metaspace(), OlderVocabulary.frame(ids, "", "</s>", false, 0), unknown);
    }

    private boolean flag(String key, boolean absent) {
        return config.get(key) instanceof Boolean flag ? flag : absent;
    }

    /// What the score of a piece is changed by.
    @FunctionalInterface
    private interface Change {
        double of(String piece);
    }

    private void addPieces(int skipped, Change change) {
        int[] types = file.types.toArray();
        for (int i = skipped; i < file.pieces.size(); i++) {
            String piece = file.pieces.get(i);
            put(piece, file.scores[i] + change.of(piece));
            if (types[i] == GgufTokenTypes.CONTROL || types[i] == GgufTokenTypes.USER_DEFINED) {
                boolean mask = piece.equals("[MASK]");
                Map<String, Object> token =
                        OlderVocabulary.special(ids.size() - 1L, piece, mask && skipped == 0);
                token.put("special", types[i] == GgufTokenTypes.CONTROL);
                added.add(token);
            } else if (types[i] == GgufTokenTypes.UNKNOWN) {
                added.add(OlderVocabulary.special(ids.size() - 1L, piece, false));
            }
        }
    }

    private void put(String piece, double score) {
        ids.putIfAbsent(piece, (long) pieces.size());
        pieces.add(List.of(piece, score));
    }

    /// A special token behind the others, unless it is among them.
    private void add(String token, boolean stripsLeft) {
        if (!ids.containsKey(token)) {
            put(token, 0);
            added.add(OlderVocabulary.special(pieces.size() - 1L, token, stripsLeft));
        }
    }

    private List<Object> standardSteps() {
        List<Object> steps = new ArrayList<>();
        charactersMapped(steps);
        steps.add(stripped(false));
        steps.add(replaced("Regex", " {2,}", "\u2581"));
        return steps;
    }

    private void charactersMapped(List<Object> steps) {
        if (file.characterMap.length > 0) {
            Map<String, Object> step = OlderVocabulary.typed("Precompiled");
            step.put("precompiled_charsmap", Base64.getEncoder().encodeToString(file.characterMap));
            steps.add(step);
        }
    }

    private static Map<String, Object> stripped(boolean left) {
        Map<String, Object> step = OlderVocabulary.typed("Strip");
        step.put("strip_left", left);
        step.put("strip_right", true);
        return step;
    }

    private static Map<String, Object> replaced(String kind, String pattern, String content) {
        Map<String, Object> step = OlderVocabulary.typed("Replace");
        step.put("pattern", Map.of(kind, pattern));
        step.put("content", content);
        return step;
    }

    private static Map<String, Object> metaspace() {
        Map<String, Object> values = OlderVocabulary.typed("Metaspace");
        values.put("replacement", "\u2581");
        values.put("prepend_scheme", "always");
        return values;
    }

    private Map<String, Object> json(
            List<Object> steps,
            Map<String, Object> splitter,
            Map<String, Object> frame,
            long unknown) {
        Map<String, Object> normalizer = OlderVocabulary.typed("Sequence");
        normalizer.put("normalizers", steps);
        Map<String, Object> model = OlderVocabulary.typed("Unigram");
        model.put("unk_id", unknown);
        model.put("vocab", pieces);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("added_tokens", added);
        json.put("normalizer", normalizer);
        json.put("pre_tokenizer", splitter);
        json.put("post_processor", frame);
        json.put("decoder", metaspace());
        json.put("model", model);
        return json;
    }
}
