package dev.jebena.tokenizers.internal;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Tokenizers from `tokenizer.json`, the format of Hugging Face tokenizers. Gives the same ids.
public final class JsonTokenizers {
    private static final long LARGEST_FILE = 64L << 20;

    private final Fields file;
    private final @Nullable Fields config;
    private final BitSet ends;

    /// @param ends ids that end an answer besides those that the vocabulary is known by
    private JsonTokenizers(Fields file, @Nullable Fields config, BitSet ends) {
        this.file = file;
        this.config = config;
        this.ends = ends;
    }

    public static Tokenizer of(Path path) {
        BitSet ends = SpecialRoles.ends(path, Vocabulary.MAX_SIZE);
        return new JsonTokenizers(read(path), config(path), ends).tokenizer();
    }

    /// The tokenizer of a folder that has files of before `tokenizer.json`; null where it has none.
    public static @Nullable Tokenizer ofOlderFiles(Path folder) {
        Map<String, Object> json = OlderVocabulary.of(folder);
        return json == null
                ? null
                : new JsonTokenizers(
                                Fields.of(json, folder.toString()),
                                config(folder.resolve("tokenizer.json")),
                                SpecialRoles.ends(
                                        folder.resolve("tokenizer.json"), Vocabulary.MAX_SIZE))
                        .tokenizer();
    }

    /// The same from what the two files hold.
    static Tokenizer of(Map<String, ?> json, Map<String, ?> config) {
        return new JsonTokenizers(
                        Fields.of(json, "tokenizer.json"),
                        Fields.of(config, "tokenizer_config.json"),
                        new BitSet())
                .tokenizer();
    }

    /// The `tokenizer_config.json` beside `path`, or null when there is none.
    static @Nullable Fields config(Path path) {
        Path beside = path.resolveSibling("tokenizer_config.json");
        return Files.exists(beside) ? read(beside) : null;
    }

    static Fields read(Path path) {
        try {
            if (Files.size(path) > LARGEST_FILE) {
                throw new TokenizerException(
                        path + ": larger than " + (LARGEST_FILE >> 20) + " MiB");
            }
            return Fields.of(Json.parse(Files.readString(path)), path.getFileName().toString());
        } catch (JsonException e) {
            throw new TokenizerException(path + ": " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new TokenizerException(path + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new TokenizerException(path + ": not UTF-8", e);
        } catch (IOException e) {
            throw new TokenizerException(path + ": cannot be read: " + e, e);
        }
    }

    private Tokenizer tokenizer() {
        Fields pre = file.child("pre_tokenizer");
        Normalizer normalizer = JsonNormalizers.read(file.child("normalizer"));
        boolean byteLevel =
                JsonSplitters.spellsBytes(pre)
                        || JsonSplitters.spellsBytes(file.child("normalizer"));
        JsonModels model = JsonModels.read(file.required("model"), byteLevel);
        JsonAddedTokens added = JsonAddedTokens.read(file, normalizer);
        Framing framing = JsonFraming.read(file.child("post_processor"));
        Splitter first = new JsonSplitters(true).read(pre);
        Splitter later = new JsonSplitters(false).read(pre);
        Map<String, Integer> ids = added.ids();
        String[] spellings = spellings(ids);
        Vocabulary vocabulary = model.vocabulary();
        JsonDecoders decoder =
                JsonDecoders.read(
                        file.child("decoder"),
                        id ->
                                id < spellings.length && spellings[id] != null
                                        ? spellings[id]
                                        : vocabulary.spelling(id));
        return new TextTokenizer(
                new TextTokenizer.Parts(
                        vocabulary,
                        ids,
                        added.plain(),
                        added.normalized(),
                        normalizer,
                        first == null ? Splitter.none() : first,
                        later == null ? Splitter.none() : later,
                        model.splitsAtMarks()
                                ? SpaceMarks.wordByWord(model.model())
                                : model.model(),
                        framing,
                        decoder,
                        specials(vocabulary, added, framing),
                        JsonOptions.read(file)));
    }

    private static String[] spellings(Map<String, Integer> added) {
        int size = 0;
        for (int id : added.values()) {
            size = Math.max(size, id + 1);
        }
        String[] spellings = new String[size];
        added.forEach((spelling, id) -> spellings[id] = spelling);
        return spellings;
    }

    private Specials specials(Vocabulary vocabulary, JsonAddedTokens added, Framing framing) {
        OptionalInt bos = configured("bos_token", vocabulary, added);
        int[] prefix = framing.prefix();
        if (bos.isEmpty() && prefix.length > 0) {
            bos = OptionalInt.of(prefix[0]);
        }
        OptionalInt eos = configured("eos_token", vocabulary, added);
        eos.ifPresent(ends::set);
        for (List<String> known : List.of(KnownTokens.ENDS, KnownTokens.FILE_ENDS)) {
            for (String spelling : known) {
                Integer id = added.ids().get(spelling);
                if (id != null) {
                    ends.set(id);
                    boolean use = eos.isEmpty() && known == KnownTokens.ENDS;
                    eos = use ? OptionalInt.of(id) : eos;
                }
            }
        }
        return new Specials(bos, eos, added.special(), ends, fillInTheMiddle(vocabulary, added));
    }

    private OptionalInt configured(String key, Vocabulary vocabulary, JsonAddedTokens added) {
        if (config == null) {
            return OptionalInt.empty();
        }
        Object value = config.values().get(key);
        if (value instanceof Map<?, ?> map) {
            value = map.get("content");
        }
        int id = value instanceof String spelling ? find(spelling, vocabulary, added) : -1;
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private static int find(String spelling, Vocabulary vocabulary, JsonAddedTokens added) {
        Integer id = added.ids().get(spelling);
        return id != null ? id : vocabulary.find(spelling);
    }

    private static Tokenizer.@Nullable FillInTheMiddle fillInTheMiddle(
            Vocabulary vocabulary, JsonAddedTokens added) {
        int prefix = first(KnownTokens.PREFIX, vocabulary, added);
        int suffix = first(KnownTokens.SUFFIX, vocabulary, added);
        int middle = first(KnownTokens.MIDDLE, vocabulary, added);
        return prefix < 0 || suffix < 0 || middle < 0
                ? null
                : new Tokenizer.FillInTheMiddle(prefix, suffix, middle);
    }

    private static int first(List<String> spellings, Vocabulary vocabulary, JsonAddedTokens added) {
        for (String spelling : spellings) {
            int id = find(spelling, vocabulary, added);
            if (id >= 0) {
                return id;
            }
        }
        return -1;
    }
}
