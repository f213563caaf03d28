package dev.jebena.llm.internal.folder;

import dev.jebena.formats.FormatException;
import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import dev.jebena.llm.LlmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A folder with `config.json` and safetensors, under the names that a GGUF file would use.
public final class ModelFolder implements TensorFile {
    private static final long MAX_CONFIG_BYTES = 4 << 20;
    private static final String CONFIG = "config.json";

    private final TensorFile stored;
    private final Map<String, Object> metadata;
    private final Map<String, StoredTensor> tensors;

    private ModelFolder(
            TensorFile stored, Map<String, Object> metadata, Map<String, StoredTensor> tensors) {
        this.stored = stored;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /// Opens a folder. Throws BAD_MODEL for a kind of model that is not known.
    public static ModelFolder open(Path folder) {
        Map<String, @Nullable Object> config = json(folder.resolve(CONFIG));
        Object type = config.get("model_type");
        FolderFamily family = type instanceof String text ? FolderFamily.of(text) : null;
        if (family == null) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "%s: model_type is %s; known for folders are %s; other models load from GGUF files"
                            .formatted(
                                    folder.resolve(CONFIG),
                                    type,
                                    String.join(", ", FolderFamily.known())));
        }
        Map<String, Object> metadata = metadata(folder, config, family);
        TensorFile file = SafeTensors.open(folder);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        file.tensors()
                .forEach((name, tensor) -> {
                    String other = family.ggufName(name);
                    if (other != null) {
                        tensors.put(
                                other,
                                new StoredTensor(
                                        other, tensor.type(), tensor.shape(), tensor.data()));
                    }
                });
        return new ModelFolder(
                file, Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors));
    }

    private static Map<String, Object> metadata(
            Path folder, Map<String, @Nullable Object> config, FolderFamily family) {
        String prefix = family.architecture() + ".";
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", family.architecture());
        metadata.put(
                "general.name", String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
        family.keys()
                .forEach((key, name) -> {
                    if (config.get(key) instanceof Number number) {
                        metadata.put(prefix + name, number);
                    }
                });
        limitContext(folder, prefix + "context_length", metadata);
        Map<String, @Nullable Object> pooling =
                optional(folder.resolve("1_Pooling").resolve(CONFIG));
        if (pooling != null) {
            boolean cls = Boolean.TRUE.equals(pooling.get("pooling_mode_cls_token"));
            boolean last = Boolean.TRUE.equals(pooling.get("pooling_mode_lasttoken"));
            metadata.put(prefix + "pooling_type", cls ? 2L : last ? 3L : 1L);
        }
        return metadata;
    }

    /// Sentence encoders are often trained on less than their table of positions holds.
    private static void limitContext(Path folder, String key, Map<String, Object> metadata) {
        Map<String, @Nullable Object> sentence =
                optional(folder.resolve("sentence_bert_config.json"));
        if (sentence != null
                && sentence.get("max_seq_length") instanceof Long limit
                && metadata.get(key) instanceof Long context) {
            metadata.put(key, Math.min(limit, context));
        }
    }

    private static @Nullable Map<String, @Nullable Object> optional(Path file) {
        return Files.exists(file) ? json(file) : null;
    }

    private static Map<String, @Nullable Object> json(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_CONFIG_BYTES) {
                throw new FormatException(
                        "%s has %d bytes; expected at most %d"
                                .formatted(file, size, MAX_CONFIG_BYTES));
            }
            return Json.object(Json.parse(Files.readString(file)));
        } catch (IOException e) {
            throw new FormatException(
                    "%s cannot be read; a model folder needs it: %s".formatted(file, e), e);
        } catch (JsonException e) {
            throw new FormatException(file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, Object> metadata() {
        return metadata;
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new FormatException("there is no tensor that GGUF would call " + name);
        }
        return tensor;
    }

    @Override
    public void close() {
        stored.close();
    }
}
