package dev.jebena.transformers.internal.model;

import dev.jebena.transformers.internal.model.EncoderFamily.Masked;
import dev.jebena.transformers.internal.model.EncoderFamily.Pooled;
import dev.jebena.transformers.internal.model.EncoderFamily.Rows;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The families of encoders by their `model_type`.
public final class EncoderFamilies {
    private static final Pooled BERT_POOLER =
            new Pooled("pooler.dense", true, "tanh", null, "classifier");
    private static final Pooled ROBERTA_CLASSIFIER =
            new Pooled("classifier.dense", false, "tanh", null, "classifier.out_proj");
    private static final Masked BERT_PREDICTIONS =
            new Masked(
                    "cls.predictions.transform.dense",
                    "hidden_act",
                    "cls.predictions.transform.LayerNorm",
                    List.of("cls.predictions.decoder.weight"),
                    List.of("cls.predictions.bias", "cls.predictions.decoder.bias"));
    private static final Masked ROBERTA_LANGUAGE =
            new Masked(
                    "lm_head.dense",
                    "gelu",
                    "lm_head.layer_norm",
                    List.of("lm_head.decoder.weight"),
                    List.of("lm_head.bias", "lm_head.decoder.bias"));

    private static final Map<String, EncoderFamily> FAMILIES = new TreeMap<>();

    static {
        FAMILIES.put(
                "bert",
                new EncoderFamily(
                        "bert", BertFamilies::bert, BERT_POOLER, BERT_PREDICTIONS, Rows.PLAIN));
        EncoderFamily roberta =
                new EncoderFamily(
                        "roberta",
                        BertFamilies::roberta,
                        ROBERTA_CLASSIFIER,
                        ROBERTA_LANGUAGE,
                        Rows.PLAIN);
        FAMILIES.put("roberta", roberta);
        FAMILIES.put("xlm-roberta", roberta);
        FAMILIES.put("camembert", roberta);
        FAMILIES.put(
                "mpnet",
                new EncoderFamily(
                        "mpnet",
                        BertFamilies::mpnet,
                        ROBERTA_CLASSIFIER,
                        ROBERTA_LANGUAGE,
                        Rows.PLAIN));
        FAMILIES.put(
                "electra",
                new EncoderFamily(
                        "electra",
                        BertFamilies::electra,
                        new Pooled("classifier.dense", false, "gelu", null, "classifier.out_proj"),
                        new Masked(
                                "generator_predictions.dense",
                                "gelu",
                                "generator_predictions.LayerNorm",
                                List.of("generator_lm_head.weight"),
                                List.of("generator_lm_head.bias")),
                        Rows.PLAIN));
        FAMILIES.put(
                "distilbert",
                new EncoderFamily(
                        "distilbert",
                        BertFamilies::distilbert,
                        new Pooled("pre_classifier", false, "relu", null, "classifier"),
                        new Masked(
                                "vocab_transform",
                                "activation",
                                "vocab_layer_norm",
                                List.of("vocab_projector.weight"),
                                List.of("vocab_projector.bias")),
                        Rows.PLAIN));
        FAMILIES.put(
                "albert",
                new EncoderFamily(
                        "albert",
                        BertFamilies::albert,
                        new Pooled("pooler", true, "tanh", null, "classifier"),
                        new Masked(
                                "predictions.dense",
                                "hidden_act",
                                "predictions.LayerNorm",
                                List.of("predictions.decoder.weight"),
                                List.of("predictions.bias", "predictions.decoder.bias")),
                        Rows.PLAIN));
        Pooled context = new Pooled("pooler.dense", false, "pooler_hidden_act", null, "classifier");
        FAMILIES.put(
                "deberta",
                new EncoderFamily(
                        "deberta", DebertaFamilies::first, context, BERT_PREDICTIONS, Rows.PLAIN));
        FAMILIES.put(
                "deberta-v2",
                new EncoderFamily(
                        "deberta", DebertaFamilies::second, context, BERT_PREDICTIONS, Rows.PLAIN));
        FAMILIES.put(
                "modernbert",
                new EncoderFamily(
                        "model",
                        ModernFamily::build,
                        new Pooled(
                                "head.dense",
                                false,
                                "classifier_activation",
                                "head.norm",
                                "classifier"),
                        new Masked(
                                "head.dense",
                                "classifier_activation",
                                "head.norm",
                                List.of("decoder.weight"),
                                List.of("decoder.bias")),
                        new Rows("classifier", "classifier", true)));
    }

    private EncoderFamilies() {}

    static @Nullable EncoderFamily find(String modelType) {
        return FAMILIES.get(modelType);
    }

    /// The `model_type`s that are known, sorted.
    public static Set<String> names() {
        return Collections.unmodifiableSet(FAMILIES.keySet());
    }
}
