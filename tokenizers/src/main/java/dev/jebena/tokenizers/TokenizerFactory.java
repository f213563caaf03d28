package dev.jebena.tokenizers;

import dev.jebena.tokenizers.internal.GgufTokenizers;
import dev.jebena.tokenizers.internal.JsonTokenizers;
import dev.jebena.tokenizers.internal.SentencePieceTokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Chooses the loader for a vocabulary's source.
final class TokenizerFactory {
    private TokenizerFactory() {}

    static Tokenizer ofGguf(Map<String, ? extends Object> metadata) {
        return GgufTokenizers.of(metadata);
    }

    static Tokenizer ofSentencePiece(Path file) {
        return SentencePieceTokenizers.of(file);
    }

    static Tokenizer ofFolder(Path folder) {
        Path json = folder.resolve("tokenizer.json");
        Path pieces = folder.resolve("tokenizer.model");
        if (Files.exists(json)) {
            return ofJson(json);
        }
        if (Files.exists(pieces)) {
            return ofSentencePiece(pieces);
        }
        Tokenizer older = JsonTokenizers.ofOlderFiles(folder);
        if (older != null) {
            return older;
        }
        throw new TokenizerException(
                folder
                        + ": there is neither tokenizer.json nor tokenizer.model, nor vocab.txt, nor vocab.json with merges.txt");
    }

    static Tokenizer ofJson(Path file) {
        return JsonTokenizers.of(file);
    }
}
