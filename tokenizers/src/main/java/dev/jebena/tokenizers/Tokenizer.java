package dev.jebena.tokenizers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Maps text to the token ids of one vocabulary and back. Safe for use by many threads.
public interface Tokenizer {
    /// A tokenizer from the `tokenizer.ggml.*` keys of a GGUF file.
    ///
    /// @param metadata integers as [Long], floats as [Double], booleans as [Boolean], strings as
    ///   [String], arrays of strings as `List<String>` or [EncodedStrings], of integers as `int[]`
    ///   or `long[]`, of floats as `float[]`
    static Tokenizer ofGguf(Map<String, ? extends Object> metadata) {
        return TokenizerFactory.ofGguf(metadata);
    }

    /// A tokenizer from a Hugging Face `tokenizer.json`; the `tokenizer_config.json` beside it is
    /// read when it is there.
    static Tokenizer ofJson(Path file) {
        return TokenizerFactory.ofJson(file);
    }

    /// A tokenizer from a SentencePiece model, the `tokenizer.model` of many published models; the
    /// `tokenizer_config.json` beside it is read when it is there.
    static Tokenizer ofSentencePiece(Path file) {
        return TokenizerFactory.ofSentencePiece(file);
    }

    /// The tokenizer of a model's folder: its `tokenizer.json`, or else its `tokenizer.model`, or
    /// else what older models of transformers have: `vocab.txt`, `vocab.json` with `merges.txt`, or
    /// the SentencePiece model of a family that `config.json` names.
    static Tokenizer ofFolder(Path folder) {
        return TokenizerFactory.ofFolder(folder);
    }

    /// The ids of `text`.
    ///
    /// @param addSpecial adds what the vocabulary puts around a text: BOS, EOS, `[CLS]`, `[SEP]`
    /// @param parseSpecial text that spells a special token becomes this token; otherwise it is
    ///   plain text
    int[] encode(String text, boolean addSpecial, boolean parseSpecial);

    /// The ids of `text` as a model wants to see a prompt: special tokens added and recognized.
    default int[] encode(String text) {
        return encode(text, true, true);
    }

    /// The tokens of a text, or of a pair of texts, and where they lie in it.
    ///
    /// Throws [TokenizerException] when truncation leaves no room for the special tokens, or its
    /// stride is as long as a part.
    ///
    /// @param pair the second text, or null
    Encoding encode(String text, @Nullable String pair, EncodeOptions options);

    /// The tokens of a text and where they lie in it.
    default Encoding encode(String text, EncodeOptions options) {
        return encode(text, null, options);
    }

    /// The encodings of many texts, padded to one length when padding is asked for.
    default List<Encoding> encode(List<String> texts, EncodeOptions options) {
        List<Encoding> encodings = new ArrayList<>(texts.size());
        for (String text : texts) {
            encodings.add(encode(text, null, options.withPadding(null)));
        }
        Padding padding = options.padding();
        return padding == null ? encodings : padding.pad(encodings);
    }

    /// How the vocabulary's file wants text to be encoded: its own truncation and padding.
    default EncodeOptions encodeOptions() {
        return EncodeOptions.defaults();
    }

    /// The text of `ids`; bytes that are not UTF-8 become U+FFFD.
    ///
    /// @param special whether special (control) tokens appear as their text or as nothing
    String decode(int[] ids, boolean special);

    /// The bytes that `id` stands for in the middle of a text; empty for a special token unless
    /// `special`.
    byte[] bytes(int id, boolean special);

    /// The text of tokens that are given by their spellings, which need not be those of the
    /// vocabulary.
    String join(List<String> spellings);

    /// The vocabulary's own spelling of `id`.
    String token(int id);

    /// The id of the vocabulary entry spelled `token`.
    OptionalInt id(String token);

    /// Turns ids into text piece by piece, never emitting half a character. The pieces joined are
    /// what [#decode] gives: the ids are a text from its beginning, where some vocabularies leave
    /// out a space.
    default Detokenizer newDetokenizer(boolean special) {
        return newDetokenizer(special, true);
    }

    /// As [#newDetokenizer(boolean)].
    ///
    /// @param startOfText false for ids that continue a text, such as a prompt, whose leading space
    ///   counts
    Detokenizer newDetokenizer(boolean special, boolean startOfText);

    int vocabularySize();

    OptionalInt bos();

    OptionalInt eos();

    /// Whether a model that says `id` has ended its answer: EOS, end of turn, end of message, ...
    boolean endsGeneration(int id);

    /// Whether `id` is a control token, which is not part of the text.
    boolean isSpecial(int id);

    /// Whether `encode` with `addSpecial` puts BOS first.
    boolean addsBos();

    /// Ids of the tokens for fill-in-the-middle (`prefix`, `suffix`, `middle`), or null where the
    /// vocabulary has none.
    @Nullable FillInTheMiddle fillInTheMiddle();

    record FillInTheMiddle(int prefix, int suffix, int middle) {}
}
