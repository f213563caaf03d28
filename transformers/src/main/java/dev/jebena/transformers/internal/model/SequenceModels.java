package dev.jebena.transformers.internal.model;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// The families of networks that read and write, by their `model_type`.
public final class SequenceModels {
    private static final Map<String, BiFunction<ModelConfig, Checkpoint, SequenceModel>> FAMILIES =
            new TreeMap<>(
                    Map.of(
                            "t5", T5Family::build,
                            "mt5", T5Family::build,
                            "bart", BartFamily::bart,
                            "mbart", BartFamily::mbart,
                            "marian", BartFamily::marian,
                            "pegasus", BartFamily::pegasus));

    private SequenceModels() {}

    public static SequenceModel of(ModelConfig config, Checkpoint checkpoint) {
        BiFunction<ModelConfig, Checkpoint, SequenceModel> family =
                FAMILIES.get(config.modelType());
        if (family == null) {
            throw HeadBuilder.unknown(config);
        }
        return family.apply(config, checkpoint);
    }

    /// A classifier of texts: of encoders, or of BART.
    public static TextModel classifier(ModelConfig config, Checkpoint checkpoint) {
        return switch (config.modelType()) {
            case "bart", "mbart" -> new BartClassifier(config, checkpoint);
            default -> EncoderModel.of(config, checkpoint, EncoderModel.Kind.TEXT);
        };
    }

    /// The `model_type`s that are known, sorted.
    public static Set<String> names() {
        return Collections.unmodifiableSet(FAMILIES.keySet());
    }
}
