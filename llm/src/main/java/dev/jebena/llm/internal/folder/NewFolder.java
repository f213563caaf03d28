package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.compute.Workers;
import dev.jebena.formats.FormatException;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.Quantizer;
import dev.jebena.formats.SafeTensorsWriter;
import dev.jebena.formats.TensorEncoder;
import dev.jebena.json.Json;
import dev.jebena.llm.ConversionOptions;
import dev.jebena.tokenizers.VocabularyFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes a GGUF file as a folder: under a temporary name, which becomes the folder's when all is
/// there.
///
/// @param sources what the model is made from
public record NewFolder(
        Gguf model, List<String> sources, ConversionOptions options, Quantizer.Progress progress) {
    /// @return the names of the files
    public List<String> write(Path folder) {
        FolderWriter tensors = FolderWriter.of(model);
        DataType numbers = options.numbers() == null ? tensors.naturalType() : options.numbers();
        Map<String, @Nullable Object> files = new LinkedHashMap<>();
        files.put(ModelFolder.CONFIG, tensors.config(numbers));
        files.put(FolderSampling.FILE, generation());
        files.putAll(VocabularyFiles.toFolder(model.metadata()));
        addPooling(files);
        Path target = folder.toAbsolutePath();
        checkFree(target);
        Path part =
                target.resolveSibling(
                        ".%s.%s.part".formatted(target.getFileName(), UUID.randomUUID()));
        try {
            Files.createDirectory(part);
            List<String> names = new ArrayList<>();
            for (Map.Entry<String, @Nullable Object> file : files.entrySet()) {
                Path path = part.resolve(file.getKey());
                Files.createDirectories(path.resolveSibling("."));
                Files.writeString(path, Json.write(file.getValue()) + "\n");
                names.add(file.getKey());
            }
            names.addAll(writeTensors(tensors, numbers, part));
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return names;
        } catch (IOException e) {
            throw new FormatException(folder + ": cannot be written: " + e, e);
        } finally {
            delete(part);
        }
    }

    private static void checkFree(Path target) {
        try {
            // An empty folder may be taken.
            Files.deleteIfExists(target);
        } catch (DirectoryNotEmptyException e) {
            throw new FormatException(
                    target + " is there and not empty; name a new folder, or remove it", e);
        } catch (IOException e) {
            throw new FormatException(target + ": cannot be replaced: " + e, e);
        }
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new FormatException(target + ": there is no folder " + parent);
        }
    }

    private List<String> writeTensors(FolderWriter tensors, DataType numbers, Path part) {
        long total =
                model.tensors().values().stream().mapToLong(each -> each.data().byteSize()).sum();
        int threads = options.threads();
        try (Workers workers =
                Workers.of(threads > 0 ? threads : Runtime.getRuntime().availableProcessors())) {
            SafeTensorsWriter writer =
                    new SafeTensorsWriter()
                            .text("format", "pt")
                            .text("jebena.source.sha256", String.join("\n", sources));
            tensors.addTo(writer, numbers, new TensorEncoder(workers, null, progress, total));
            return writer.writeShards(part, options.shardBytes());
        }
    }

    private Map<String, @Nullable Object> generation() {
        Map<String, @Nullable Object> generation = new LinkedHashMap<>();
        Map<String, Object> metadata = model.metadata();
        put(generation, "bos_token_id", metadata.get("tokenizer.ggml.bos_token_id"));
        List<Object> ends = new ArrayList<>();
        for (String key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
            Object id = metadata.get("tokenizer.ggml." + key);
            if (id instanceof Long && !ends.contains(id)) {
                ends.add(id);
            }
        }
        put(
                generation,
                "eos_token_id",
                ends.size() > 1 ? ends : ends.isEmpty() ? null : ends.getFirst());
        put(generation, "pad_token_id", metadata.get("tokenizer.ggml.padding_token_id"));
        generation.putAll(FolderSampling.toFolder(metadata));
        return generation;
    }

    /// How an encoder makes one vector, as the library sentence-transformers has it.
    private void addPooling(Map<String, @Nullable Object> files) {
        String prefix = model.metadata().get("general.architecture") + ".";
        if (!(model.metadata().get(prefix + "pooling_type") instanceof Long kind)
                || kind < 1
                || kind > 3) {
            return;
        }
        Map<String, @Nullable Object> pooling = new LinkedHashMap<>();
        put(pooling, "word_embedding_dimension", model.metadata().get(prefix + "embedding_length"));
        pooling.put("pooling_mode_mean_tokens", kind == 1);
        pooling.put("pooling_mode_cls_token", kind == 2);
        pooling.put("pooling_mode_lasttoken", kind == 3);
        files.put("1_Pooling/config.json", pooling);
        files.put(
                "modules.json",
                List.of(module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling")));
    }

    private static Map<String, Object> module(int number, String path, String type) {
        return Map.of(
                "idx",
                number,
                "name",
                String.valueOf(number),
                "path",
                path,
                "type",
                "sentence_transformers.models." + type);
    }

    private static void put(Map<String, @Nullable Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    /// What is left of a folder that did not become one.
    private static void delete(Path part) {
        if (!Files.exists(part)) {
            return;
        }
        try (Stream<Path> files = Files.walk(part)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The first error is the one to report.
        }
    }
}
