package dev.jebena.llm;

import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A small model of the golden files with llama.cpp's answers. The folder's README tells what they
/// are and the tolerances.
public record GoldenModel(String name, Path file, Map<String, @Nullable Object> answers) {
    /// One position: the likeliest tokens with their log-probabilities.
    public record Step(int[] topIds, float[] topLogprobs) {}

    private static Path folder() {
        return Path.of(System.getProperty("jebena.shared", "../../shared"))
                .resolve("golden/models");
    }

    /// Names of all models whose name begins with one of these.
    public static List<String> names(String... prefixes) {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("index.json"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .filter(name -> Stream.of(prefixes).anyMatch(name::startsWith))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All models that continue text.
    public static List<String> decoders() {
        return names(
                "llama",
                "mixtral",
                "mamba",
                "qwen2moe",
                "qwen2-",
                "qwen3-",
                "phi3",
                "gemma3",
                "gpt2",
                "gptneox",
                "starcoder2",
                "falcon");
    }

    /// Unzips a model into `target` and reads its answers.
    public static GoldenModel open(String name, Path target) {
        Path file = target.resolve(name + ".gguf");
        try {
            if (!Files.exists(file)) {
                try (InputStream in =
                        new GZIPInputStream(
                                Files.newInputStream(folder().resolve(name + ".gguf.gz")))) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            String json = Files.readString(folder().resolve(name + ".json"));
            return new GoldenModel(name, file, Json.object(Json.parse(json)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<int[]> sequences() {
        return Json.array(answers.get("sequences")).stream().map(GoldenModel::ints).toList();
    }

    /// What an engine with float activations gets, for each sequence.
    public List<Map<String, @Nullable Object>> expected() {
        Object exact =
                answers.containsKey("dequant") ? answers.get("dequant") : answers.get("llamacpp");
        return Json.array(exact).stream().map(Json::object).toList();
    }

    public static List<Step> steps(Map<String, @Nullable Object> answer) {
        return Json.array(answer.get("steps")).stream()
                .map(Json::object)
                .map(step -> new Step(ints(step.get("top_ids")), floats(step.get("top_logprobs"))))
                .toList();
    }

    /// Whether rows choose among experts.
    public boolean mixesExperts() {
        return name.startsWith("mixtral") || name.contains("moe");
    }

    /// The largest difference allowed with a float32 cache of keys and values.
    public float tolerance() {
        if (name.startsWith("gemma3")) {
            return 2e-2f;
        }
        // llama.cpp looks GELU up in a table of half precision.
        return Stream.of("gpt2", "gptneox", "starcoder2", "falcon", "bert")
                        .anyMatch(name::startsWith)
                ? 1e-2f
                : 1e-3f;
    }

    public static int[] ints(@Nullable Object array) {
        return Json.array(array).stream().mapToInt(value -> ((Long) value).intValue()).toArray();
    }

    public static float[] floats(@Nullable Object array) {
        List<@Nullable Object> values = Json.array(array);
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = ((Number) values.get(i)).floatValue();
        }
        return floats;
    }
}
