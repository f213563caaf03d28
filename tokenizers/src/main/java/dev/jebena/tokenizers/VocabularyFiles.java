package dev.jebena.tokenizers;

import dev.jebena.tokenizers.internal.GgufVocabulary;
import dev.jebena.tokenizers.internal.JsonVocabulary;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings vocabularies from one kind of model file into the other. Both ways the result is compared
/// with the source over some awkward texts before it is handed out.
public final class VocabularyFiles {
    private VocabularyFiles() {}

    /// The `tokenizer.ggml.*` keys for the vocabulary of a folder, which has a `tokenizer.json` or
    /// a `tokenizer.model`. Throws [TokenizerException] for a vocabulary that a GGUF file cannot
    /// hold so that the same text becomes the same tokens.
    ///
    /// @param rows of the model's embedding table, 0 if unknown: ids without a token get a
    ///   placeholder
    /// @param pre name of the pre-tokenizer; null to find it. A name that is given is believed:
    ///   nothing is compared
    public static Map<String, Object> toGguf(Path folder, int rows, @Nullable String pre) {
        return GgufVocabulary.of(folder, rows, pre);
    }

    /// `tokenizer.json`, `tokenizer_config.json` and `special_tokens_map.json` for the vocabulary
    /// of a GGUF file: JSON values by the name of their file.
    ///
    /// @param metadata as for [Tokenizer#ofGguf]
    public static Map<String, Object> toFolder(Map<String, ? extends Object> metadata) {
        return JsonVocabulary.of(metadata);
    }
}
