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
    static final String CONFIG = "config.json";

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

    /// Opens a folder to compute its model. Throws BAD_MODEL for a kind of model that is not known.
    public static ModelFolder open(Path folder) {
        return open(folder, true);
    }

    /// @param limited whether a sentence encoder sees no more than it was trained on
    // The arena's owner is the object returned, whose close() closes it.
    @SuppressWarnings("MustBeClosedChecker")
    public static ModelFolder open(Path folder, boolean limited) {
        FolderMetadata config = FolderMetadata.read(folder);
        FolderFamily family = config.family();
        Map<String, Object> metadata = config.metadata();
        if (limited) {
            config.limitContext();
        }
        SafeTensors file = SafeTensors.open(folder);
        Arena arena = Arena.ofShared();
        try {
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            config.addRotation(tensors, arena);
            TensorChange.Heads heads = heads(metadata, family.architecture() + ".");
            FolderExperts experts = new FolderExperts(arena);
            FusedExperts fused = new FusedExperts(arena);
            boolean ranks = config.ranks();
            for (StoredTensor tensor : file.tensors().values()) {
                if (family.architecture().equals("gpt-oss")) {
                    fused.parts(tensor).forEach(part -> tensors.put(part.name(), part));
                }
                FolderFamily.Place place = family.place(tensor.name());
                if (place == null || (place.name().startsWith("cls") && !ranks)) {
                    continue;
                }
                String name = place.name();
                StoredTensor full = Scales.applied(file, tensor, arena);
                StoredTensor named = new StoredTensor(name, full.type(), full.shape(), full.data());
                if (place.expert() >= 0) {
                    experts.add(named, place.expert());
                } else {
                    tensors.put(name, family.change(name).toGguf().apply(named, heads, arena));
                }
            }
            if (family.architecture().equals("gpt-oss")) {
                for (StoredTensor whole : fused.microscaled(file.bytes())) {
                    fused.parts(whole).forEach(part -> tensors.put(part.name(), part));
                }
            }
            experts.together().forEach(tensor -> tensors.put(tensor.name(), tensor));
            return new ModelFolder(file, arena, Collections.unmodifiableMap(metadata), tensors);
        } catch (Throwable e) {
            arena.close();
            file.close();
            throw e;
        }
    }

    static TensorChange.Heads heads(Map<String, Object> metadata, String prefix) {
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
