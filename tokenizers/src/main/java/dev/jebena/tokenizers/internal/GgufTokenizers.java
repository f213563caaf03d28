package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tokenizers from the `tokenizer.ggml.*` keys of GGUF files. Gives the same ids as llama.cpp.
public final class GgufTokenizers {
    private final GgufMetadata metadata;

    private GgufTokenizers(GgufMetadata metadata) {
        this.metadata = metadata;
    }

    public static Tokenizer of(Map<String, ? extends Object> values) {
        GgufTokenizers loader = new GgufTokenizers(new GgufMetadata(values));
        String model = loader.metadata.string("model", "");
        return switch (model) {
            case "gpt2" -> loader.bytePairs();
            case "whitespace" -> loader.words();
            case "gemma4" -> loader.marked(true);
            case "llama" -> loader.sentencePiece();
            case "bert" -> loader.wordPiece();
            case "t5" -> loader.unigram();
            case "", "none", "no_vocab" ->
                    throw new TokenizerException(
                            "tokenizer.ggml.model is "
                                    + (model.isEmpty() ? "missing" : "'" + model + "'")
                                    + ": this GGUF file has no vocabulary");
            default ->
                    throw new TokenizerException(
                            "tokenizer.ggml.model: unknown kind of vocabulary '"
                                    + model
                                    + "'; known are gpt2, llama, bert, t5, whitespace and gemma4");
        };
    }

    private Tokenizer bytePairs() {
        return switch (metadata.string("pre", "default")) {
            case "gemma4", "granite-embed-multi-311m" -> marked(true);
            case "sarvam-moe" -> marked(false);
            default -> byteLevel();
        };
    }

    private Tokenizer byteLevel() {
        String pre = metadata.string("pre", "default");
        GgufFamilies family = GgufFamilies.of(pre);
        Vocabulary vocabulary = Vocabulary.of(metadata.strings("tokens"), true);
        MergeTable merges =
                metadata.has("merges") || !pre.equals("kimi-k2")
                        ? MergeReader.read(metadata.strings("merges"), vocabulary)
                        : new MergeTable(0);
        GgufTokenTypes types = new GgufTokenTypes(metadata, vocabulary, 11);
        OptionalInt bos =
                types.id(
                        "bos_token_id",
                        pre.startsWith("chatglm") || pre.startsWith("glm") ? -1 : 11);
        return assemble(
                vocabulary,
                types,
                bos,
                null,
                family.splitter(),
                new BytePairModel(
                        vocabulary, merges, BytePairModel.Options.plain(family.wholeWords())),
                framing(family.addsBos(), false, bos, types),
                id -> vocabulary.bytes(id));
    }

    /// Byte pairs of characters, with spaces as `▁`, over whole lines.
    ///
    /// @param gemma whether a run of line ends that is a token is not built from its parts
    private Tokenizer marked(boolean gemma) {
        Vocabulary vocabulary = Vocabulary.of(metadata.strings("tokens"), false);
        GgufTokenTypes types = new GgufTokenTypes(metadata, vocabulary, -1);
        MergeTable merges = MergeReader.read(metadata.strings("merges"), vocabulary);
        OptionalInt bos = types.id("bos_token_id", -1);
        BytePairModel pairs =
                new BytePairModel(
                        vocabulary,
                        merges,
                        new BytePairModel.Options(false, true, -1, false, "", ""));
        WordModel model =
                (text, from, to, work, out) -> {
                    int id = gemma && text[from] == '\n' ? vocabulary.find(text, from, to) : -1;
                    if (id >= 0) {
                        out.add(id, from, to);
                    } else {
                        pairs.encode(text, from, to, work, out);
                    }
                };
        int[][] framing = framing(gemma, false, bos, types);
        return assemble(
                vocabulary,
                types,
                bos,
                new SpaceMarks(metadata.flag("add_space_prefix", false), false),
                new RunScanner(c -> c == '\n', 1, Integer.MAX_VALUE),
                model,
                gemma ? new int[][] {ids(bos), framing[1]} : framing,
                new MarkedText(vocabulary, types::type, false));
    }

    /// Byte pairs of characters within words; the white space between them is lost. Jina's
    /// embeddings for Chinese.
    private Tokenizer words() {
        Vocabulary vocabulary = Vocabulary.of(metadata.strings("tokens"), false);
        GgufTokenTypes types = new GgufTokenTypes(metadata, vocabulary, 11);
        OptionalInt bos = types.id("bos_token_id", 11);
        return assemble(
                vocabulary,
                types,
                bos,
                metadata.flag("normalizer.lowercase", false) ? new Lowercase() : null,
                new FinderSplitter(
                        Finder.of(CodePoints::isSpace), FinderSplitter.Behavior.REMOVED, false),
                new BytePairModel(
                        vocabulary,
                        MergeReader.read(metadata.strings("merges"), vocabulary),
                        BytePairModel.Options.plain(false)),
                framing(false, false, bos, types),
                vocabulary::bytes);
    }

    private Tokenizer unigram() {
        Vocabulary vocabulary = Vocabulary.of(metadata.strings("tokens"), false);
        GgufTokenTypes types = new GgufTokenTypes(metadata, vocabulary, 1);
        boolean spacePrefix = metadata.flag("add_space_prefix", false);
        OptionalInt bos = types.id("bos_token_id", -1);
        SentencePieceNormalizer normalizer =
                new SentencePieceNormalizer(
                        CharacterMap.of(
                                metadata.bytes("precompiled_charsmap"),
                                "tokenizer.ggml.precompiled_charsmap"),
                        types.userDefined(),
                        new SentencePieceNormalizer.Options(
                                spacePrefix,
                                metadata.flag("remove_extra_whitespaces", false),
                                true,
                                false,
                                true));
        return assemble(
                vocabulary,
                types,
                bos,
                normalizer,
                Splitter.none(),
                unigramModel(vocabulary, types),
                framing(false, true, bos, types),
                new MarkedText(vocabulary, types::type, spacePrefix));
    }

    private UnigramModel unigramModel(Vocabulary vocabulary, GgufTokenTypes types) {
        float[] stored = metadata.floats("scores", vocabulary.size());
        double[] scores = new double[vocabulary.size()];
        float lowest = Float.MAX_VALUE;
        for (int id = 0; id < scores.length; id++) {
            int type = types.type(id);
            float score = stored == null ? 0 : stored[id];
            // Tokens of the user's are always taken.
            scores[id] = type == GgufTokenTypes.USER_DEFINED ? 0 : score;
            lowest = type == GgufTokenTypes.NORMAL ? Math.min(lowest, score) : lowest;
        }
        return new UnigramModel(
                vocabulary,
                scores,
                id ->
                        switch (types.type(id)) {
                            case GgufTokenTypes.NORMAL,
                                    GgufTokenTypes.USER_DEFINED,
                                    GgufTokenTypes.UNUSED ->
                                    true;
                            default -> false;
                        },
                new UnigramModel.Options(
                        types.id("unknown_token_id", 2).orElse(-1),
                        false,
                        false,
                        lowest - UnigramModel.UNKNOWN_PENALTY));
    }

    private Tokenizer sentencePiece() {
        Vocabulary vocabulary = Vocabulary.of(metadata.strings("tokens"), false);
        GgufTokenTypes types = new GgufTokenTypes(metadata, vocabulary, 2);
        float[] scores = metadata.floats("scores", vocabulary.size());
        if (scores == null) {
            scores = new float[vocabulary.size()];
        }
        boolean spacePrefix = metadata.flag("add_space_prefix", true);
        OptionalInt bos = types.id("bos_token_id", 1);
        int unknown = types.id("unknown_token_id", 0).orElse(-1);
        BytePairModel model =
                new BytePairModel(
                        vocabulary,
                        new ScoredPairs(vocabulary, scores),
                        new BytePairModel.Options(false, true, unknown, false, "", ""));
        return assemble(
                vocabulary,
                types,
                bos,
                new SpaceMarks(spacePrefix, false),
                SpaceMarks.splitter(vocabulary, IntStream.range(0, vocabulary.size())),
                model,
                framing(true, false, bos, types),
                new MarkedText(vocabulary, types::type, spacePrefix));
    }

    private Tokenizer wordPiece() {
        Vocabulary vocabulary = Vocabulary.of(metadata.strings("tokens"), false);
        GgufTokenTypes types = new GgufTokenTypes(metadata, vocabulary, -1);
        OptionalInt bos = types.id("bos_token_id", types.id("cls_token_id", 101).orElse(-1));
        OptionalInt separator =
                types.id("seperator_token_id", types.id("separator_token_id", 102).orElse(-1));
        int unknown = types.id("unknown_token_id", 100).orElse(-1);
        boolean lowercase = metadata.flag("normalizer.lowercase", true);
        boolean stripAccents = metadata.flag("normalizer.strip_accents", lowercase);
        return assemble(
                vocabulary,
                types,
                bos,
                BertNormalizer.asInLlamaCpp(stripAccents, lowercase),
                new BertSplitter(true),
                new WordPieceModel(vocabulary, "▁", "", unknown, Integer.MAX_VALUE),
                new int[][] {ids(bos), ids(separator)},
                new MarkedText(vocabulary, types::type, true));
    }

    private int[][] framing(
            boolean addsBos, boolean addsEos, OptionalInt bos, GgufTokenTypes types) {
        boolean first = metadata.flag("add_bos_token", addsBos);
        boolean last = metadata.flag("add_eos_token", addsEos);
        OptionalInt eos = types.specials(bos).eos();
        return new int[][] {first ? ids(bos) : new int[0], last ? ids(eos) : new int[0]};
    }

    private static int[] ids(OptionalInt id) {
        return id.isPresent() ? new int[] {id.getAsInt()} : new int[0];
    }

    private static Tokenizer assemble(
            Vocabulary vocabulary,
            GgufTokenTypes types,
            OptionalInt bos,
            @Nullable Normalizer normalizer,
            Splitter splitter,
            WordModel model,
            int[][] framing,
            TokenText text) {
        Specials specials = types.specials(bos);
        return new TextTokenizer(
                new TextTokenizer.Parts(
                        vocabulary,
                        Map.of(),
                        types.addedTokens(),
                        null,
                        normalizer,
                        splitter,
                        splitter,
                        model,
                        Framing.of(framing[0], framing[1]),
                        text,
                        specials,
                        EncodeOptions.defaults()));
    }
}
