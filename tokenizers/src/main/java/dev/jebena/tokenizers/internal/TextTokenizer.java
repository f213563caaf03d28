package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Detokenizer;
import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Padding;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The tokenizer of every vocabulary. Text goes through these stages: tokens that are found in it
/// as they stand; normalization of what lies between them; tokens that are found in normalized
/// text; splitting into words; the model of words.
final class TextTokenizer implements Tokenizer {
    private final Parts parts;
    private final int size;

    /// @param added ids of tokens that are not in the model's vocabulary, by spelling
    /// @param tokens found in the text as it stands
    /// @param normalizedTokens found in normalized text
    /// @param firstSplitter for text at the very beginning
    /// @param splitter for text after a token that was found in it
    /// @param framing what is put around every text
    /// @param options how the vocabulary's file wants text to be encoded
    record Parts(
            Vocabulary vocabulary,
            Map<String, Integer> added,
            AddedTokens tokens,
            @Nullable AddedTokens normalizedTokens,
            @Nullable Normalizer normalizer,
            Splitter firstSplitter,
            Splitter splitter,
            WordModel model,
            Framing framing,
            TokenText text,
            Specials specials,
            EncodeOptions options) {}

    private final Map<Integer, String> addedSpellings = new HashMap<>();
    private final int[] prefix;
    private final int[] suffix;
    private final Assembly assembly;

    TextTokenizer(Parts parts) {
        this.parts = parts;
        int last = parts.vocabulary.size() - 1;
        for (Map.Entry<String, Integer> entry : parts.added.entrySet()) {
            addedSpellings.put(entry.getValue(), entry.getKey());
            last = Math.max(last, entry.getValue());
        }
        size = last + 1;
        for (int id : parts.framing.ids()) {
            check(id);
        }
        prefix = parts.framing.prefix();
        suffix = parts.framing.suffix();
        assembly = new Assembly(parts.framing, this::token, addedSpellings::containsKey);
    }

    @Override
    public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
        byte[] bytes = Utf8.bytes(text);
        Ids out = new Ids(bytes.length / 3);
        if (addSpecial) {
            out.addAll(prefix);
        }
        encodeAll(Text.plain(bytes), parseSpecial, Words.plain(out));
        if (addSpecial) {
            out.addAll(suffix);
        }
        return out.toArray();
    }

    @Override
    public Encoding encode(String text, @Nullable String pair, EncodeOptions options) {
        Assembly.Input first = trace(text, 0, options.parseSpecial());
        Assembly.Input second = pair == null ? null : trace(pair, 1, options.parseSpecial());
        Encoding encoding = assembly.assemble(first, second, options);
        Padding padding = options.padding();
        return padding == null ? encoding : Encodings.pad(List.of(encoding), padding).getFirst();
    }

    private Assembly.Input trace(String text, int typeId, boolean parseSpecial) {
        Text traced = Text.traced(Utf8.bytes(text));
        Words words = Words.traced(traced.bytes.length / 3);
        encodeAll(traced, parseSpecial, words);
        return new Assembly.Input(text, words.encoding(text, typeId));
    }

    @Override
    public EncodeOptions encodeOptions() {
        return parts.options;
    }

    private void encodeAll(Text text, boolean parseSpecial, Words out) {
        Symbols work = new Symbols();
        List<AddedTokens.Match> matches = parts.tokens.find(text.bytes, parseSpecial);
        int at = 0;
        for (AddedTokens.Match match : matches) {
            encodeText(text, at, match.from(), parseSpecial, work, out);
            out.addToken(match.token().id(), text, match.from(), match.to());
            at = match.to();
        }
        encodeText(text, at, text.bytes.length, parseSpecial, work, out);
    }

    private void encodeText(
            Text text, int from, int to, boolean parseSpecial, Symbols work, Words out) {
        if (from >= to) {
            return;
        }
        Normalizer normalizer = parts.normalizer;
        Splitter start = from == 0 ? parts.firstSplitter : parts.splitter;
        if (normalizer == null && parts.normalizedTokens == null) {
            encodeWords(text, from, to, start, work, out);
            return;
        }
        Text normal =
                normalizer == null ? text.slice(from, to) : normalizer.normalize(text, from, to);
        int at = 0;
        if (parts.normalizedTokens != null) {
            for (AddedTokens.Match match :
                    parts.normalizedTokens.find(normal.bytes, parseSpecial)) {
                encodeWords(normal, at, match.from(), at == 0 ? start : parts.splitter, work, out);
                out.addToken(match.token().id(), normal, match.from(), match.to());
                at = match.to();
            }
        }
        encodeWords(normal, at, normal.bytes.length, at == 0 ? start : parts.splitter, work, out);
    }

    private void encodeWords(
            Text text, int from, int to, Splitter splitter, Symbols work, Words out) {
        if (from < to) {
            WordModel model = parts.model;
            splitter.split(text, from, to, (t, f, e) -> out.addWord(model, t, f, e, work));
        }
    }

    @Override
    public String decode(int[] ids, boolean special) {
        TextStream stream = new TextStream(this, special, true);
        for (int id : ids) {
            stream.append(id);
        }
        return stream.flush();
    }

    @Override
    public String join(List<String> spellings) {
        return parts.text.join(spellings);
    }

    @Override
    public byte[] bytes(int id, boolean special) {
        check(id);
        return !special && isSpecial(id) ? new byte[0] : piece(id, false);
    }

    /// The bytes of `id`, special or not.
    byte[] piece(int id, boolean first) {
        check(id);
        return first ? parts.text.first(id) : parts.text.bytes(id);
    }

    TokenText text() {
        return parts.text;
    }

    @Override
    public String token(int id) {
        check(id);
        String added = addedSpellings.get(id);
        return added != null ? added : parts.vocabulary.spelling(id);
    }

    private void check(int id) {
        if (id < 0 || id >= size) {
            throw new TokenizerException(
                    "token id " + id + " is outside of the vocabulary of " + size + " tokens");
        }
    }

    @Override
    public OptionalInt id(String token) {
        Integer added = parts.added.get(token);
        int id = added != null ? added : parts.vocabulary.find(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public Detokenizer newDetokenizer(boolean special, boolean startOfText) {
        return new TextStream(this, special, startOfText);
    }

    @Override
    public int vocabularySize() {
        return size;
    }

    @Override
    public OptionalInt bos() {
        return parts.specials.bos();
    }

    @Override
    public OptionalInt eos() {
        return parts.specials.eos();
    }

    @Override
    public boolean endsGeneration(int id) {
        return id >= 0 && parts.specials.ends().get(id);
    }

    @Override
    public boolean isSpecial(int id) {
        return id >= 0 && parts.specials.control().get(id);
    }

    @Override
    public boolean addsBos() {
        OptionalInt bos = bos();
        return bos.isPresent() && prefix.length > 0 && prefix[0] == bos.getAsInt();
    }

    @Override
    public @Nullable FillInTheMiddle fillInTheMiddle() {
        return parts.specials.fillInTheMiddle();
    }
}
