package dev.jebena.llm.internal.folder;

import dev.jebena.formats.FormatException;
import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import dev.jebena.llm.LlmException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A folder with `config.json` and safetensors, under the names that a GGUF file would use.
public final class ModelFolder implements TensorFile {
    private static final long MAX_CONFIG_BYTES = 4 << 20;
    private static final String CONFIG = "config.json";

    private final SafeTensors stored;
    private final Arena arena;
    private final Map<String, Object> metadata;
    private final Map<String, StoredTensor> tensors;

    private ModelFolder(
            SafeTensors stored,
            Arena arena,
            Map<String, Object> metadata,
            Map<String, StoredTensor> tensors) {
        this.stored = stored;
        this.arena = arena;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /// Opens a folder. Throws BAD_MODEL for a kind of model that is not known.
    // The arena's owner is the object returned, whose close() closes it.
    @SuppressWarnings("MustBeClosedChecker")
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
        SafeTensors file = SafeTensors.open(folder);
        Arena arena = Arena.ofShared();
        try {
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            String prefix = family.architecture() + ".";
            if (!family.architecture().equals("bert")) {
                new RopeConfiguration(config, prefix, metadata, tensors, arena).add();
            }
            TensorChange.Heads heads = heads(metadata, prefix);
            for (StoredTensor tensor : file.tensors().values()) {
                String name = family.ggufName(tensor.name());
                if (name != null) {
                    StoredTensor full = Scales.applied(file, tensor, arena);
                    StoredTensor named =
                            new StoredTensor(name, full.type(), full.shape(), full.data());
                    tensors.put(name, family.change(name).apply(named, heads, arena));
                }
            }
            return new ModelFolder(file, arena, Collections.unmodifiableMap(metadata), tensors);
        } catch (Throwable e) {
            arena.close();
            file.close();
            throw e;
        }
    }

    private static TensorChange.Heads heads(Map<String, Object> metadata, String prefix) {
        int queries = heads(metadata.get(prefix + "attention.head_count"), 1);
        int keys = heads(metadata.get(prefix + "attention.head_count_kv"), queries);
        if (queries % keys != 0) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "config.json: %d heads of attention cannot share %d keys and values"
                            .formatted(queries, keys));
        }
        return new TensorChange.Heads(queries, keys);
    }

    private static int heads(@Nullable Object value, int absent) {
        return value instanceof Long count ? Math.clamp(count, 1, 1 << 16) : absent;
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
                    Object value = config.get(key);
                    if (value instanceof Number || value instanceof Boolean) {
                        metadata.put(prefix + name, value);
                    }
                });
        addDefaults(config, prefix, metadata);
        limitContext(folder, prefix + "context_length", metadata);
        Map<String, @Nullable Object> pooling =
                optional(folder.resolve("1_Pooling").resolve(CONFIG));
        if (pooling != null) {
            boolean cls = Boolean.TRUE.equals(pooling.get("pooling_mode_cls_token"));
            boolean last = Boolean.TRUE.equals(pooling.get("pooling_mode_lasttoken"));
            metadata.put(prefix + "pooling_type", cls ? 2L : last ? 3L : 1L);
        }
        String template = FolderTemplate.read(folder);
        if (template != null) {
            metadata.put("tokenizer.chat_template", template);
        }
        return metadata;
    }

    /// What older families do not write because all of their models have it.
    private static void addDefaults(
            Map<String, @Nullable Object> config, String prefix, Map<String, Object> metadata) {
        if (metadata.get(prefix + "embedding_length") instanceof Long width) {
            metadata.putIfAbsent(prefix + "feed_forward_length", 4 * width);
        }
        metadata.putIfAbsent(prefix + "context_length", 2048L);
        Object heads = metadata.get(prefix + "attention.head_count");
        if (prefix.equals("falcon.")
                && !Boolean.TRUE.equals(config.get("new_decoder_architecture"))
                && heads != null) {
            boolean one = !Boolean.FALSE.equals(config.get("multi_query"));
            metadata.put(prefix + "attention.head_count_kv", one ? 1L : heads);
        }
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

    /// Leaves the rows behind the vocabulary out of the tables over tokens, which some models are
    /// padded with. Called before the tensors are read.
    public void fitVocabulary(int size) {
        for (String name : List.of("token_embd.weight", "output.weight", "output.bias")) {
            StoredTensor table = tensors.get(name);
            if (table != null && !table.shape().isEmpty() && table.shape().getFirst() > size) {
                List<Long> shape = new ArrayList<>(table.shape());
                long bytes = table.data().byteSize() / shape.getFirst() * size;
                shape.set(0, (long) size);
                tensors.put(
                        name,
                        new StoredTensor(
                                name,
                                table.type(),
                                List.copyOf(shape),
                                table.data().asSlice(0, bytes)));
            }
        }
    }

    static @Nullable Map<String, @Nullable Object> optional(Path file) {
        return Files.exists(file) ? json(file) : null;
    }

    static Map<String, @Nullable Object> json(Path file) {
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
        return Collections.unmodifiableMap(tensors);
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
        arena.close();
        stored.close();
    }
}
