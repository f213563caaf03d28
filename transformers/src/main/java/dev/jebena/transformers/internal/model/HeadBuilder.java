package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Builds the heads of encoders.
final class HeadBuilder {
    private final EncoderFamily family;
    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private final Encoder encoder;

    HeadBuilder(EncoderFamily family, ModelConfig config, Checkpoint checkpoint, Encoder encoder) {
        this.family = family;
        this.config = config;
        this.checkpoint = checkpoint;
        this.encoder = encoder;
    }

    Head head(EncoderModel.Kind kind) {
        Part root = checkpoint.part("");
        int width = encoder.width();
        return switch (kind) {
            case TEXT -> pooled(root);
            case TOKENS ->
                    new Head(
                            null,
                            family.rows().transformed() ? transform(root) : null,
                            root.linear(family.rows().tags(), width, config.labels().size()));
            case SPANS ->
                    new Head(
                            null,
                            family.rows().transformed() ? transform(root) : null,
                            root.linear(family.rows().spans(), width, 2));
            case MASKS -> masked(root);
        };
    }

    private Head pooled(Part root) {
        EncoderFamily.Pooled names = family.pooled();
        int width = encoder.width();
        Part dense = names.inBase() ? checkpoint.base(family.prefix()) : root;
        Transform transform =
                new Transform(
                        dense.linear(names.dense(), width, width),
                        activation(names.activation()),
                        norm(root, names.norm(), width));
        UnaryOperator<Tensor> pooling =
                config.text("classifier_pooling", "cls").equals("mean")
                        ? states -> states.mean(true, 0)
                        : Head::first;
        return new Head(
                pooling, transform, root.linear(names.output(), width, config.labels().size()));
    }

    private Head masked(Part root) {
        Tensor words = encoder.words();
        Tensor matrix = first(root, family.masked().decoders(), words.dim(0), words.dim(1));
        return new Head(
                null,
                transform(root),
                new Linear(
                        matrix == null ? words : matrix,
                        first(root, family.masked().biases(), words.dim(0))));
    }

    private Transform transform(Part root) {
        EncoderFamily.Masked names = family.masked();
        // Of language models it ends in the width of the embeddings.
        Tensor dense = root.tensor(names.dense() + ".weight", 0, encoder.width());
        int width = dense.dim(0);
        return new Transform(
                root.linear(names.dense(), encoder.width(), width),
                activation(names.activation()),
                norm(root, names.norm(), width));
    }

    private @Nullable Norm norm(Part root, @Nullable String name, int width) {
        double epsilon = config.number("layer_norm_eps", config.number("norm_eps", 1e-12));
        return name == null ? null : root.norm(name, width, epsilon);
    }

    private static @Nullable Tensor first(Part root, List<String> names, int... shape) {
        for (String name : names) {
            if (root.has(name)) {
                return root.tensor(name, shape);
            }
        }
        return null;
    }

    private UnaryOperator<Tensor> activation(String nameOrKey) {
        return switch (nameOrKey) {
            case "tanh" -> Tensor::tanh;
            case "relu" -> Tensor::relu;
            case "gelu" -> Tensor::gelu;
            default -> Activations.of(config, nameOrKey, "gelu");
        };
    }

    static Problem unknown(ModelConfig config) {
        return new Problem(
                Problem.Code.NOT_IMPLEMENTED,
                "%s: model_type '%s' is not computed".formatted(config.place(), config.modelType()),
                "computed are "
                        + String.join(", ", EncoderFamilies.names())
                        + "; "
                        + String.join(", ", SequenceModels.names())
                        + "; and for text generation what docs/architectures.md lists");
    }
}
