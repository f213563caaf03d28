package dev.jebena.transformers.internal.model;

import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// How the checkpoints of a family of encoders are laid out.
///
/// @param prefix what the base model's tensors begin with in the checkpoint of a model with a head
/// @param build the network from the base model's tensors
/// @param pooled the layers that classify a text
/// @param masked the layers that guess tokens
/// @param rows the layers that answer for each token
record EncoderFamily(
        String prefix,
        BiFunction<ModelConfig, Part, Encoder> build,
        Pooled pooled,
        Masked masked,
        Rows rows) {
    /// @param dense its name
    /// @param inBase whether `dense` belongs to the base model
    /// @param activation a function's name, or the key of `config.json` that has it
    /// @param norm null for none
    record Pooled(
            String dense,
            boolean inBase,
            String activation,
            @Nullable String norm,
            String output) {}

    /// @param norm the norm's name
    /// @param decoders names of the last matrix, which is the table of embeddings where there is
    ///   none
    /// @param biases names of its bias
    record Masked(
            String dense,
            String activation,
            String norm,
            List<String> decoders,
            List<String> biases) {}

    /// @param tags name of the last layer of models that classify tokens
    /// @param spans name of the last layer of models that find answers
    /// @param transformed whether [Masked]'s first layers come before either
    record Rows(String tags, String spans, boolean transformed) {
        static final Rows PLAIN = new Rows("classifier", "qa_outputs", false);
    }
}
