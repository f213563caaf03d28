package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Detokenizer;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.TokenizerException;
import java.util.Arrays;
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
    /// @param prefix ids put before every text
    /// @param suffix ids put after every text
    record Parts(
            Vocabulary vocabulary,
            Map<String, Integer> added,
            AddedTokens tokens,
            @Nullable AddedTokens normalizedTokens,
            @Nullable Normalizer normalizer,
            Splitter firstSplitter,
            Splitter splitter,
            WordModel model,
            int[] prefix,
            int[] suffix,
            TokenText text,
            Specials specials) {}

    private final Map<Integer, String> addedSpellings = new HashMap<>();

    TextTokenizer(Parts parts) {
        this.parts = parts;
        int last = parts.vocabulary.size() - 1;
        for (Map.Entry<String, Integer> entry : parts.added.entrySet()) {
            addedSpellings.put(entry.getValue(), entry.getKey());
            last = Math.max(last, entry.getValue());
        }
        size = last + 1;
        for (int[] ids : new int[][] {parts.prefix, parts.suffix}) {
            for (int id : ids) {
                check(id);
            }
        }
    }

    @Override
    public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
        byte[] bytes = Utf8.bytes(text);
        Ids out = new Ids(bytes.length / 3);
        if (addSpecial) {
            out.addAll(parts.prefix);
        }
        Symbols work = new Symbols();
        List<AddedTokens.Match> matches = parts.tokens.find(bytes, parseSpecial);
        int at = 0;
        for (AddedTokens.Match match : matches) {
            encodeText(bytes, at, match.from(), parseSpecial, work, out);
            out.add(match.token().id());
            at = match.to();
        }
        encodeText(bytes, at, bytes.length, parseSpecial, work, out);
        if (addSpecial) {
            out.addAll(parts.suffix);
        }
        return out.toArray();
    }

    private void encodeText(
            byte[] text, int from, int to, boolean parseSpecial, Symbols work, Ids out) {
        if (from >= to) {
            return;
        }
        Normalizer normalizer = parts.normalizer;
        Splitter start = from == 0 ? parts.firstSplitter : parts.splitter;
        if (normalizer == null && parts.normalizedTokens == null) {
            encodeWords(text, from, to, start, work, out);
            return;
        }
        byte[] normal =
                normalizer == null
                        ? Arrays.copyOfRange(text, from, to)
                        : normalizer.normalize(text, from, to);
        int at = 0;
        if (parts.normalizedTokens != null) {
            for (AddedTokens.Match match : parts.normalizedTokens.find(normal, parseSpecial)) {
                encodeWords(normal, at, match.from(), at == 0 ? start : parts.splitter, work, out);
                out.add(match.token().id());
                at = match.to();
            }
        }
        encodeWords(normal, at, normal.length, at == 0 ? start : parts.splitter, work, out);
    }

    private void encodeWords(
            byte[] text, int from, int to, Splitter splitter, Symbols work, Ids out) {
        if (from < to) {
            WordModel model = parts.model;
            splitter.split(text, from, to, (t, f, e) -> model.encode(t, f, e, work, out));
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
    public byte[] bytes(int id, boolean special) {
        check(id);
        return !special && isSpecial(id) ? new byte[0] : piece(id, false);
    }

    /// The bytes of `id`, special or not.
    byte[] piece(int id, boolean first) {
        check(id);
        return first ? parts.text.first(id) : parts.text.bytes(id);
    }

    boolean lastSpaceIsProvisional() {
        return parts.text.lastSpaceIsProvisional();
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
        return bos.isPresent() && parts.prefix.length > 0 && parts.prefix[0] == bos.getAsInt();
    }

    @Override
    public @Nullable FillInTheMiddle fillInTheMiddle() {
        return parts.specials.fillInTheMiddle();
    }
}
