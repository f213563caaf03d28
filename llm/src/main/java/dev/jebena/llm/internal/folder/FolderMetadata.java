package dev.jebena.llm.internal.folder;

import dev.jebena.formats.StoredTensor;
import dev.jebena.json.Json;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the configuration files of a folder say, under GGUF's keys.
///
/// @param family of the model
/// @param config of its text part
/// @param metadata collects GGUF's keys
record FolderMetadata(
        Path folder,
        FolderFamily family,
        Map<String, @Nullable Object> config,
        Map<String, Object> metadata) {
    /// Reads `config.json` and what lies beside it. Throws BAD_MODEL for a kind of model that is
    /// not known.
    static FolderMetadata read(Path folder) {
        Path file = folder.resolve(ModelFolder.CONFIG);
        Map<String, @Nullable Object> config = ModelFolder.json(file);
        Object type = config.get("model_type");
        FolderFamily family = family(config);
        if (family == null && config.get("text_config") instanceof Map<?, ?> text) {
            // A model of texts and pictures: its part for texts.
            config = Json.object(text);
            family = family(config);
        }
        if (family == null) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "%s: model_type is %s; known for folders are %s; other models load from GGUF files"
                            .formatted(file, type, String.join(", ", FolderFamily.known())));
        }
        FolderMetadata read = new FolderMetadata(folder, family, config, new LinkedHashMap<>());
        read.fill();
        return read;
    }

    private static @Nullable FolderFamily family(Map<String, @Nullable Object> config) {
        if ("alibi".equals(config.get("position_embedding_type"))) {
            return FolderFamily.ofType("jina_bert_v2");
        }
        return config.get("model_type") instanceof String type ? FolderFamily.ofType(type) : null;
    }

    private String prefix() {
        return family.architecture() + ".";
    }

    private void fill() {
        metadata.put("general.architecture", family.architecture());
        metadata.put(
                "general.name", String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
        family.keys()
                .forEach((key, name) -> {
                    Object value = config.get(key);
                    if (value instanceof Number || value instanceof Boolean) {
                        metadata.put(prefix() + name, value);
                    }
                });
        addDefaults();
        FamilyMetadata.add(family.architecture(), config, metadata);
        addPooling();
        addSampling();
        String template = FolderTemplate.read(folder);
        if (template != null) {
            metadata.put("tokenizer.chat_template", template);
        }
    }

    /// What older families do not write because all of their models have it.
    private void addDefaults() {
        String prefix = prefix();
        if (family.architecture().equals("mamba")) {
            addMamba();
            return;
        }
        if (metadata.get(prefix + "embedding_length") instanceof Long width) {
            metadata.putIfAbsent(prefix + "feed_forward_length", 4 * width);
        }
        metadata.putIfAbsent(prefix + "context_length", 2048L);
        metadata.putIfAbsent(prefix + epsilonKey(), defaultEpsilon());
        Object head = metadata.get(prefix + "attention.key_length");
        if (head != null) {
            metadata.put(prefix + "attention.value_length", head);
        }
        switch (family.architecture()) {
            case "falcon" -> addFalcon();
            case "gptneox" -> metadata.putIfAbsent(prefix + "use_parallel_residual", true);
            case "bert", "jina-bert-v2", "modern-bert", "nomic-bert" -> addEncoder();
            default -> {}
        }
    }

    private String epsilonKey() {
        return switch (family.architecture()) {
            case "bert",
                    "bloom",
                    "cohere2",
                    "command-r",
                    "falcon",
                    "gpt2",
                    "gptneox",
                    "jina-bert-v2",
                    "modern-bert",
                    "nomic-bert",
                    "phi2",
                    "starcoder2" ->
                    "attention.layer_norm_epsilon";
            default -> "attention.layer_norm_rms_epsilon";
        };
    }

    private double defaultEpsilon() {
        return switch (family.architecture()) {
            case "bert", "jina-bert-v2", "nomic-bert" -> 1e-12;
            case "bloom",
                    "cohere2",
                    "command-r",
                    "falcon",
                    "gpt-oss",
                    "gpt2",
                    "gptneox",
                    "modern-bert",
                    "phi2",
                    "starcoder2" ->
                    1e-5;
            default -> 1e-6;
        };
    }

    private void addEncoder() {
        metadata.put(prefix() + "attention.causal", false);
        Object positions = metadata.get(prefix() + "context_length");
        if (config.get("model_type") instanceof String type
                && type.endsWith("roberta")
                && positions instanceof Long count) {
            metadata.put(prefix() + "context_length", Math.max(1, count - 2));
        }
        Object types = config.get("type_vocab_size");
        long count = types instanceof Long number && number > 0 ? number : 1;
        metadata.put("tokenizer.ggml.token_type_count", count);
    }

    private void addFalcon() {
        Object heads = metadata.get(prefix() + "attention.head_count");
        if (!Boolean.TRUE.equals(config.get("new_decoder_architecture")) && heads != null) {
            boolean one = !Boolean.FALSE.equals(config.get("multi_query"));
            metadata.put(prefix() + "attention.head_count_kv", one ? 1L : heads);
        }
    }

    private void addMamba() {
        String prefix = prefix();
        metadata.putIfAbsent(prefix + "context_length", 1L << 20);
        metadata.putIfAbsent(prefix + "attention.layer_norm_rms_epsilon", 1e-5);
        metadata.put(prefix + "feed_forward_length", 0L);
        if ("falcon_mamba".equals(config.get("model_type"))) {
            metadata.put(prefix + "ssm.dt_b_c_rms", true);
        }
        metadata.put(prefix + "attention.head_count", 0L);
        if (metadata.get(prefix + "embedding_length") instanceof Long width) {
            Object expand = config.get("expand");
            metadata.putIfAbsent(
                    prefix + "ssm.inner_size",
                    expand instanceof Long times ? times * width : 2 * width);
            metadata.putIfAbsent(prefix + "ssm.time_step_rank", Math.ceilDiv(width, 16));
        }
    }

    private void addPooling() {
        Map<String, @Nullable Object> pooling =
                ModelFolder.optional(folder.resolve("1_Pooling").resolve(ModelFolder.CONFIG));
        if (pooling != null) {
            boolean cls = Boolean.TRUE.equals(pooling.get("pooling_mode_cls_token"));
            boolean last = Boolean.TRUE.equals(pooling.get("pooling_mode_lasttoken"));
            metadata.put(prefix() + "pooling_type", cls ? 2L : last ? 3L : 1L);
        }
        if (ranks()) {
            metadata.put(prefix() + "pooling_type", 4L);
        }
    }

    /// Whether it is a cross-encoder, which scores a question and a text together.
    boolean ranks() {
        return config.get("architectures") instanceof List<?> classes
                && !classes.isEmpty()
                && String.valueOf(classes.getFirst()).endsWith("ForSequenceClassification")
                && family.folderName("cls.output.weight") != null;
    }

    private void addSampling() {
        Map<String, @Nullable Object> generation =
                ModelFolder.optional(folder.resolve(FolderSampling.FILE));
        if (generation != null) {
            metadata.putAll(FolderSampling.toGguf(generation));
        }
    }

    /// Sentence encoders are often trained on less than their table of positions holds.
    void limitContext() {
        String key = prefix() + "context_length";
        Map<String, @Nullable Object> sentence =
                ModelFolder.optional(folder.resolve("sentence_bert_config.json"));
        if (sentence != null
                && sentence.get("max_seq_length") instanceof Long limit
                && metadata.get(key) instanceof Long context) {
            metadata.put(key, Math.min(limit, context));
        }
    }

    /// Metadata about rotation, and its factors among the tensors.
    void addRotation(Map<String, StoredTensor> tensors, Arena arena) {
        switch (family.architecture()) {
            case "bert", "bloom", "gpt2", "jina-bert-v2", "mamba" -> {}
            default -> new RopeConfiguration(config, prefix(), metadata, tensors, arena).add();
        }
    }
}
