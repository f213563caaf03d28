package dev.jebena.llm;

import java.util.Map;

/// What a model file says of itself.
///
/// @param name `general.name`, or the file's name
/// @param architecture `llama`, `qwen2`, `gemma3`, `bert`, ...
/// @param parameters number of weights
/// @param quantization name of the mix of types, as llama.cpp prints it: `Q4_1`, `Q4_K - Medium` is
///   `Q4_K_M`, ...
/// @param fileBytes size of all files
/// @param contextLength the longest context it was trained for
/// @param embeddingLength width of its hidden states
/// @param layers number of blocks
/// @param generates whether it continues text
/// @param embeds whether it was made for embeddings
/// @param metadata everything in the file's header but the vocabulary
public record ModelInfo(
        String name,
        String architecture,
        long parameters,
        String quantization,
        long fileBytes,
        int contextLength,
        int embeddingLength,
        int layers,
        boolean generates,
        boolean embeds,
        Map<String, Object> metadata) {}
