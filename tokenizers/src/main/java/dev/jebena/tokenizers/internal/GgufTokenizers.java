package dev.jebena.tokenizers.internal;

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
            case "gpt2" -> loader.byteLevel();
            case "llama" -> loader.sentencePiece();
            case "bert" -> loader.wordPiece();
            case "" ->
                    throw new TokenizerException(
                            "tokenizer.ggml.model is missing: this GGUF file has no vocabulary");
            default ->
                    throw new TokenizerException(
                            "tokenizer.ggml.model: unknown kind of vocabulary '"
                                    + model
                                    + "'; known are gpt2, llama and bert");
        };
    }

    private Tokenizer byteLevel() {
        String pre = metadata.string("pre", "default");
        Splitter splitter = Scanners.byName(pre);
        Vocabulary vocabulary = Vocabulary.of(metadata.strings("tokens"), true);
        MergeTable merges = MergeReader.read(metadata.strings("merges"), vocabulary);
        GgufTokenTypes types = new GgufTokenTypes(metadata, vocabulary, 11);
        boolean wholeWords =
                switch (pre) {
                    case "llama3",
                            "llama-v3",
                            "llama-bpe",
                            "falcon3",
                            "falcon-h1",
                            "pixtral",
                            "midm-2.0",
                            "lfm2",
                            "jina-v5-nano",
                            "glm4",
                            "glm5",
                            "tekken" ->
                            true;
                    default -> false;
                };
        boolean addsBos = pre.equals("tekken");
        OptionalInt bos =
                types.id(
                        "bos_token_id",
                        pre.startsWith("chatglm") || pre.startsWith("glm") ? -1 : 11);
        return assemble(
                vocabulary,
                types,
                bos,
                null,
                splitter,
                new BytePairModel(vocabulary, merges, BytePairModel.Options.plain(wholeWords)),
                framing(addsBos, false, bos, types),
                id -> vocabulary.bytes(id));
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
                        framing[0],
                        framing[1],
                        text,
                        specials));
    }
}
