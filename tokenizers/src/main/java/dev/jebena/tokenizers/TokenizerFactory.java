package dev.jebena.tokenizers;

import java.nio.file.Path;
import java.util.Map;

/// skeleton
final class TokenizerFactory {
    private TokenizerFactory() {}

    static Tokenizer ofGguf(Map<String, ? extends Object> metadata) {
        throw new TokenizerException("skeleton" + metadata.size());
    }

    static Tokenizer ofJson(Path file) {
        throw new TokenizerException("skeleton" + file);
    }
}
