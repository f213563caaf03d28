package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.EncodedStrings;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tokenizers from `tokenizer.model`. Gives the same ids as SentencePiece, with BOS and EOS as
/// `tokenizer_config.json` wants them.
public final class SentencePieceTokenizers {
    private final SentencePieceFile file;
    private final @Nullable Fields config;
    private final Vocabulary vocabulary;
    private final byte[] types;
    private final BitSet ends;

    private SentencePieceTokenizers(SentencePieceFile file, @Nullable Fields config, Path path) {
        this.file = file;
        this.config = config;
        this.vocabulary = Vocabulary.of(EncodedStrings.of(file.pieces), false);
        this.types = new byte[vocabulary.size()];
        this.ends = SpecialRoles.ends(path, types.length);
        int[] stored = file.types.toArray();
        for (int id = 0; id < types.length; id++) {
            boolean known =
                    stored[id] >= GgufTokenTypes.NORMAL && stored[id] <= GgufTokenTypes.BYTE;
            types[id] = (byte) (known ? stored[id] : GgufTokenTypes.UNUSED);
        }
    }

    public static Tokenizer of(Path path) {
        SentencePieceFile file = SentencePieceFile.read(path);
        return new SentencePieceTokenizers(file, JsonTokenizers.config(path), path).tokenizer();
    }

    private Tokenizer tokenizer() {
        AddedTokens userDefined = tokens(GgufTokenTypes.USER_DEFINED, false);
        boolean unigram = file.modelType == SentencePieceFile.UNIGRAM;
        OptionalInt bos = id(file.bos);
        OptionalInt eos = id(file.eos);
        boolean addsBos = config != null ? config.flag("add_bos_token", !unigram) : !unigram;
        boolean addsEos = config != null ? config.flag("add_eos_token", unigram) : unigram;
        return new TextTokenizer(
                new TextTokenizer.Parts(
                        vocabulary,
                        Map.of(),
                        tokens(GgufTokenTypes.CONTROL, true),
                        unigram ? null : userDefined,
                        normalizer(userDefined),
                        splitter(),
                        splitter(),
                        model(),
                        Framing.of(ids(bos, addsBos), ids(eos, addsEos)),
                        new SentencePieceText(
                                new MarkedText(
                                        vocabulary,
                                        id -> types[id],
                                        file.dummyPrefix || file.mergeSpaces),
                                file.unknown,
                                file.unknownSurface.getBytes(StandardCharsets.UTF_8),
                                file.mergeSpaces),
                        specials(bos, eos),
                        EncodeOptions.defaults()));
    }

    private SentencePieceNormalizer normalizer(AddedTokens userDefined) {
        return new SentencePieceNormalizer(
                CharacterMap.of(file.characterMap, file.place),
                userDefined,
                new SentencePieceNormalizer.Options(
                        file.dummyPrefix, file.mergeSpaces, file.marks, file.spaceAsSuffix, false));
    }

    private OptionalInt id(int id) {
        return id >= 0 && id < types.length ? OptionalInt.of(id) : OptionalInt.empty();
    }

    private static int[] ids(OptionalInt id, boolean wanted) {
        return wanted && id.isPresent() ? new int[] {id.getAsInt()} : new int[0];
    }

    private AddedTokens tokens(int type, boolean special) {
        List<AddedTokens.Token> tokens = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == type) {
                byte[] text = vocabulary.bytes(id);
                tokens.add(new AddedTokens.Token(id, text, special, false, false, false));
            }
        }
        return new AddedTokens(tokens, false);
    }

    private Specials specials(OptionalInt bos, OptionalInt eos) {
        BitSet control = new BitSet();
        for (int id = 0; id < types.length; id++) {
            control.set(id, types[id] == GgufTokenTypes.CONTROL);
        }
        eos.ifPresent(ends::set);
        for (String spelling : KnownTokens.ENDS) {
            int id = vocabulary.find(spelling);
            if (id >= 0 && types[id] != GgufTokenTypes.NORMAL) {
                ends.set(id);
            }
        }
        return new Specials(bos, eos, control, ends, null);
    }

    private Splitter splitter() {
        return switch (file.modelType) {
            case SentencePieceFile.WORDS -> SpaceMarks.words();
            case SentencePieceFile.BYTE_PAIRS ->
                    SpaceMarks.splitter(vocabulary, IntStream.range(0, vocabulary.size()));
            default -> Splitter.none();
        };
    }

    private boolean spells(int id) {
        return switch (types[id]) {
            case GgufTokenTypes.NORMAL, GgufTokenTypes.USER_DEFINED -> true;
            default -> false;
        };
    }

    private WordModel model() {
        int unknown = id(file.unknown).orElse(-1);
        return switch (file.modelType) {
            case SentencePieceFile.UNIGRAM -> unigram(unknown);
            case SentencePieceFile.BYTE_PAIRS -> {
                float[] scores = Arrays.copyOf(file.scores, types.length);
                yield new BytePairModel(
                        vocabulary,
                        new ScoredPairs(vocabulary, scores),
                        new BytePairModel.Options(false, file.byteFallback, unknown, true, "", ""));
            }
            case SentencePieceFile.CHARACTERS ->
                    new BytePairModel(
                            vocabulary,
                            new MergeTable(0),
                            new BytePairModel.Options(
                                    false, file.byteFallback, unknown, true, "", ""));
            case SentencePieceFile.WORDS ->
                    (text, from, to, work, out) -> {
                        int id = vocabulary.find(text, from, to);
                        if (id >= 0 || unknown >= 0) {
                            out.add(id >= 0 ? id : unknown, from, to);
                        }
                    };
            default ->
                    throw new TokenizerException(
                            file.place
                                    + ": unknown model type "
                                    + file.modelType
                                    + "; known are 1 (Unigram), 2 (BPE), 3 (words) and 4"
                                    + " (characters)");
        };
    }

    private UnigramModel unigram(int unknown) {
        double[] scores = new double[types.length];
        float lowest = Float.MAX_VALUE;
        float highest = -Float.MAX_VALUE;
        for (int id = 0; id < types.length; id++) {
            scores[id] = file.scores[id];
            if (types[id] == GgufTokenTypes.NORMAL) {
                lowest = Math.min(lowest, file.scores[id]);
                highest = Math.max(highest, file.scores[id]);
            }
        }
        for (int id = 0; id < types.length; id++) {
            if (types[id] == GgufTokenTypes.USER_DEFINED) {
                // Better than any other spelling of the same text, the longer the better.
                scores[id] = (float) (vocabulary.bytes(id).length * highest - 0.1);
            }
        }
        return new UnigramModel(
                vocabulary,
                scores,
                this::spells,
                new UnigramModel.Options(
                        unknown, file.byteFallback, true, lowest - UnigramModel.UNKNOWN_PENALTY));
    }
}
