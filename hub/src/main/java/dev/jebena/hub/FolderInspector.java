package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.formats.SafeTensors;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what a Hugging Face model folder says about itself.
final class FolderInspector {
    private static final int MAX_TEXT = 32 << 20;

    /// Keys of config.json and what GGUF calls them.
    private static final Map<String, String> NAMES =
            Map.of(
                    "max_position_embeddings", "context_length",
                    "hidden_size", "embedding_length",
                    "num_hidden_layers", "block_count",
                    "intermediate_size", "feed_forward_length",
                    "num_attention_heads", "attention.head_count",
                    "num_key_value_heads", "attention.head_count_kv",
                    "vocab_size", "vocab_size");

    private FolderInspector() {}

    static ModelInspector.Inspected inspect(Path folder) {
        JsonObject config = json(folder.resolve("config.json"));
        String family = config.string("model_type", "unknown");
        long context = config.integer("max_position_embeddings", 0);
        ModelDetails details;
        try (SafeTensors weights = SafeTensors.open(folder)) {
            details = ModelInspector.details("safetensors", family, weights, context);
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("general.architecture", family);
        values.put("general.parameter_count", details.parameterCount());
        for (String key : config.keys()) {
            String name = NAMES.get(key);
            Object value = config.get(key);
            if (name != null && value instanceof Number) {
                values.put(family + "." + name, value);
            }
        }
        String template = template(folder);
        List<String> capabilities =
                Files.exists(folder.resolve("modules.json"))
                        ? List.of("embedding")
                        : ModelInspector.capabilities(values, template == null ? "" : template);
        return new ModelInspector.Inspected(
                details, new ModelMetadata(values, template, capabilities));
    }

    private static @Nullable String template(Path folder) {
        Path own = folder.resolve("chat_template.jinja");
        try {
            if (Files.isRegularFile(own) && Files.size(own) < MAX_TEXT) {
                return Files.readString(own);
            }
        } catch (IOException e) {
            throw Problem.storage("cannot read " + own, e);
        }
        Path tokenizer = folder.resolve("tokenizer_config.json");
        return Files.isRegularFile(tokenizer)
                        && json(tokenizer).get("chat_template") instanceof String template
                ? template
                : null;
    }

    private static JsonObject json(Path file) {
        try {
            if (Files.size(file) > MAX_TEXT) {
                throw new Problem(Problem.Code.BAD_FILE, file + " is too large");
            }
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), file);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    file.getParent() + " is not a model folder: it has no " + file.getFileName(),
                    null,
                    e);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    private static JsonObject parse(String text, Path file) {
        try {
            return JsonObject.of(Json.parse(text), file.toString());
        } catch (JsonException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE, file + " is not JSON: " + e.getMessage(), null, e);
        }
    }
}
