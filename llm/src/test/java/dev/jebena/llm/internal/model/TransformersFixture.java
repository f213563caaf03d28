package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.json.Json;
import dev.jebena.llm.GoldenModel;
import dev.jebena.llm.internal.folder.StoredTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A small model with the answers of Hugging Face's transformers, which
/// `src/test/resources/transformers/make.py` asked.
public record TransformersFixture(String name, Map<String, @Nullable Object> file) {
    private static final Path FOLDER = Path.of("src/test/resources/transformers");

    public static List<String> names() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TransformersFixture open(String name) {
        try {
            String json = Files.readString(FOLDER.resolve(name + ".json"));
            return new TransformersFixture(name, Json.object(Json.parse(json)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int[] tokens() {
        return GoldenModel.ints(file.get("tokens"));
    }

    /// Numbers under `key`, or under `key` and the count of tokens; null where there are none.
    float @Nullable [] answer(String key) {
        return file.containsKey(key) ? GoldenModel.floats(file.get(key)) : null;
    }

    Map<String, @Nullable Object> logprobs() {
        return file.containsKey("logprobs") ? Json.object(file.get("logprobs")) : Map.of();
    }

    /// Writes the model as a folder, with a vocabulary of single characters.
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, @Nullable Object> config = Json.object(file.get("config"));
        Files.writeString(folder.resolve("config.json"), Json.write(config));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                Json.write(
                        vocabulary(
                                ((Number) Objects.requireNonNull(config.get("vocab_size")))
                                        .intValue())));
        StoredTensors tensors = new StoredTensors();
        Json.object(file.get("tensors"))
                .forEach((tensor, shape) -> {
                    List<Long> dimensions =
                            Json.array(shape).stream().map(Long.class::cast).toList();
                    if (tensor.endsWith("_blocks") || tensor.endsWith("_scales")) {
                        tensors.add(tensor, "U8", dimensions, bytes(tensor, count(dimensions)));
                    } else {
                        tensors.add(tensor, "F32", dimensions, numbers(tensor, dimensions));
                    }
                });
        tensors.write(folder.resolve("model.safetensors"));
        return folder;
    }

    private static Map<String, Object> vocabulary(int size) {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            vocabulary.put(String.valueOf((char) ('!' + i)), (long) i);
        }
        Map<String, Object> bytes =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true);
        return Map.of(
                "version",
                "1.0",
                "added_tokens",
                new ArrayList<>(),
                "pre_tokenizer",
                bytes,
                "decoder",
                bytes,
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
    }

    /// The numbers that `weights` of the script makes.
    private static MemorySegment numbers(String name, List<Long> shape) {
        int count = count(shape);
        boolean matrix = shape.size() > 1;
        boolean scales = name.endsWith("weight");
        float[] values = new float[count];
        long seed = hashed(name);
        for (int i = 0; i < count; i++) {
            double x = uniform(seed + (i + 1) * 0x9E3779B97F4A7C15L);
            double value;
            if (!matrix) {
                value = (scales || name.endsWith("e_score_correction_bias") ? 1 : 0) + 0.4 * x;
            } else if (name.contains("embed")) {
                value = 1.7 * x;
            } else {
                value = x * 2.4 / Math.sqrt(shape.getLast());
            }
            values[i] = (float) value;
        }
        MemorySegment data = MemorySegment.ofArray(new byte[4 * count]);
        DataType.F32.encode(values, 0, data, 0, count);
        return data;
    }

    private static int count(List<Long> shape) {
        return (int) shape.stream().mapToLong(each -> each).reduce(1, Math::multiplyExact);
    }

    /// The bytes that `raw` of the script makes.
    private static MemorySegment bytes(String name, int count) {
        byte[] bytes = new byte[count];
        boolean nibbles = name.endsWith("_blocks");
        long seed = hashed(name);
        for (int i = 0; i < count; i++) {
            double x = uniform(seed + (i + 1) * 0x9E3779B97F4A7C15L) + 1;
            bytes[i] = (byte) (nibbles ? Math.floor(x * 128) : Math.floor(x * 1.5) + 122);
        }
        return MemorySegment.ofArray(bytes);
    }

    private static long hashed(String name) {
        long value = 0xCBF29CE484222325L;
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            value = (value ^ each) * 0x100000001B3L;
        }
        return value;
    }

    private static double uniform(long state) {
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 40) / (double) (1 << 23) - 1;
    }
}
