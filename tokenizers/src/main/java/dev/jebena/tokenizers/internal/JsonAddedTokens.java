package dev.jebena.tokenizers.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `added_tokens` of a `tokenizer.json`.
final class JsonAddedTokens {
    private final Map<String, Integer> ids = new LinkedHashMap<>();
    private final BitSet special = new BitSet();
    private final List<AddedTokens.Token> plain = new ArrayList<>();
    private final List<AddedTokens.Token> normalized = new ArrayList<>();

    static JsonAddedTokens read(Fields file, @Nullable Normalizer normalizer) {
        JsonAddedTokens tokens = new JsonAddedTokens();
        for (Fields token : file.children("added_tokens")) {
            tokens.add(token, normalizer);
        }
        return tokens;
    }

    private void add(Fields token, @Nullable Normalizer normalizer) {
        int id = token.id(token.values().get("id"), "id");
        String content = token.string("content");
        boolean isSpecial = token.flag("special", false);
        ids.put(content, id);
        special.set(id, isSpecial);
        byte[] text = Utf8.bytes(content);
        boolean inNormalized = token.flag("normalized", !isSpecial);
        if (inNormalized && normalizer != null && text.length > 0) {
            text = normalizer.normalize(Text.plain(text), 0, text.length).bytes;
        }
        (inNormalized ? normalized : plain)
                .add(
                        new AddedTokens.Token(
                                id,
                                text,
                                isSpecial,
                                token.flag("lstrip", false),
                                token.flag("rstrip", false),
                                token.flag("single_word", false)));
    }

    /// Ids by spelling.
    Map<String, Integer> ids() {
        return ids;
    }

    BitSet special() {
        return special;
    }

    AddedTokens plain() {
        return new AddedTokens(plain, false);
    }

    @Nullable AddedTokens normalized() {
        return normalized.isEmpty() ? null : new AddedTokens(normalized, false);
    }
}
