package dev.jebena.transformers;

import dev.jebena.json.Json;
import dev.jebena.nn.Weights;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A small model whose numbers follow from the names of its tensors, with what the library answers:
/// a file of `make.py`.
record TinyModel(String name, Map<String, @Nullable Object> file) {
    private static final Path MODELS = Path.of("src/test/resources/models");

    /// A call and its answer.
    record Call(
            @Nullable Object inputs,
            Map<String, @Nullable Object> parameters,
            @Nullable Object answer) {}

    static TinyModel of(String name) {
        try {
            String text = Files.readString(MODELS.resolve(name + ".json"));
            return new TinyModel(name, Json.object(Json.parse(text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> names() {
        try (Stream<Path> files = Files.list(MODELS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json"))
                    .map(file -> file.substring(0, file.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path tokenizer(String name) {
        return MODELS.resolve("tokenizers").resolve(name);
    }

    String task() {
        return String.valueOf(file.get("task"));
    }

    List<Call> calls() {
        return Json.array(file.get("calls")).stream()
                .map(Json::object)
                .map(call ->
                        new Call(
                                call.get("inputs"),
                                Json.object(call.get("parameters")),
                                call.get("answer")))
                .toList();
    }

    Object logits() {
        return Json.array(file.get("logits"));
    }

    /// Writes the folder as a repository has it.
    Path write(Path folder) {
        writeSettings(folder);
        new Weights(weights(), Map.of()).save(folder.resolve("model.safetensors"));
        return folder;
    }

    /// Everything but the weights.
    void writeSettings(Path folder) {
        try (Stream<Path> files = Files.list(tokenizer(String.valueOf(file.get("tokenizer"))))) {
            for (Path each : files.toList()) {
                Files.copy(each, folder.resolve(each.getFileName()));
            }
            Files.writeString(folder.resolve("config.json"), Json.write(file.get("config")));
            if (file.get("generation_config") != null) {
                Files.writeString(
                        folder.resolve("generation_config.json"),
                        Json.write(file.get("generation_config")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Tensor> weights() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Json.object(file.get("tensors"))
                .forEach((key, shape) -> {
                    int[] dims =
                            Json.array(shape).stream()
                                    .mapToInt(dim -> Integer.parseInt(String.valueOf(dim)))
                                    .toArray();
                    tensors.put(key, numbers(key, dims));
                });
        return tensors;
    }

    /// The same as `weights` of make.py.
    private static Tensor numbers(String name, int[] shape) {
        int count = 1;
        int inputs = 1;
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            inputs *= i == 0 ? 1 : shape[i];
        }
        boolean vector = shape.length <= 1;
        float[] numbers = new float[count];
        long state = hash(name);
        for (int i = 0; i < count; i++) {
            state += 0x9E3779B97F4A7C15L;
            long z = state;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
            double x = (double) (z >>> 40) / (1 << 23) - 1;
            if (name.equals("classifier.weight")) {
                // So that classes differ from token to token.
                x = x * 2;
            } else if (vector && name.endsWith("weight")) {
                x = 1 + 0.4 * x;
            } else if (vector || shape[0] == 1) {
                x = 0.4 * x;
            } else if (name.contains("embed") || name.contains("shared")) {
                x = 1.7 * x;
            } else {
                x = x * 2.4 / Math.sqrt(inputs);
            }
            numbers[i] = (float) x;
        }
        return Tensor.of(numbers, shape);
    }

    private static long hash(String name) {
        long value = 0xCBF29CE484222325L;
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            value = (value ^ each) * 0x100000001B3L;
        }
        return value;
    }
}
