package dev.jebena.hub;

import java.util.List;

/// What a model is, from its file's header.
///
/// @param format `gguf` or `safetensors`
/// @param family the architecture: `llama`, `qwen2`, `gemma3`, `bert`
/// @param families all architectures of the model's parts
/// @param parameterSize number of weights for people: `134.52M`
/// @param quantization how most weights are stored: `Q4_1`, `F32`; `unknown` when it is not said
/// @param parentModel the model that this one was created from; empty for none
/// @param parameterCount number of weights; 0 when it is not known
/// @param contextLength tokens that the model was made for; 0 when it is not known
public record ModelDetails(
        String format,
        String family,
        List<String> families,
        String parameterSize,
        String quantization,
        String parentModel,
        long parameterCount,
        long contextLength) {
    public ModelDetails {
        families = List.copyOf(families);
    }

    /// Of a model whose header says nothing.
    static ModelDetails unknown(String format) {
        return new ModelDetails(format, "unknown", List.of(), "unknown", "unknown", "", 0, 0);
    }

    ModelDetails withParent(String parent) {
        return new ModelDetails(
                format,
                family,
                families,
                parameterSize,
                quantization,
                parent,
                parameterCount,
                contextLength);
    }

    /// `134.52M` for 134,515,008.
    static String count(long parameters) {
        if (parameters >= 1_000_000_000L) {
            return "%.1fB".formatted(parameters / 1e9);
        }
        if (parameters >= 1_000_000L) {
            return "%.2fM".formatted(parameters / 1e6);
        }
        return parameters >= 1000 ? "%.2fK".formatted(parameters / 1e3) : "" + parameters;
    }
}
