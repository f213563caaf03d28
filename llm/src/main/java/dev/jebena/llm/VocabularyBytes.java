package dev.jebena.llm;

import dev.jebena.formats.Utf8Strings;
import dev.jebena.tokenizers.EncodedStrings;
import java.util.HashMap;
import java.util.Map;

/// The arrays of strings of a model file as tokenizers read them fastest.
final class VocabularyBytes implements EncodedStrings {
    private final Utf8Strings strings;
    private final byte[] bytes;

    private VocabularyBytes(Utf8Strings strings) {
        this.strings = strings;
        bytes = strings.bytes();
    }

    /// `metadata` with the tokenizer's large arrays as bytes.
    static Map<String, Object> in(Map<String, Object> metadata) {
        Map<String, Object> changed = new HashMap<>(metadata);
        for (String key : new String[] {"tokenizer.ggml.tokens", "tokenizer.ggml.merges"}) {
            if (metadata.get(key) instanceof Utf8Strings strings) {
                changed.put(key, new VocabularyBytes(strings));
            }
        }
        return changed;
    }

    @Override
    public int size() {
        return strings.size();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int start(int index) {
        return strings.start(index);
    }

    @Override
    public int end(int index) {
        return strings.end(index);
    }
}
