package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the small parts of a model: texts, parameters, messages, details.
final class PartReader {
    private static final int MAX_BYTES = 16 << 20;

    private PartReader() {}

    static String text(BlobStore blobs, Layer layer) {
        return new String(blobs.read(layer.digest(), MAX_BYTES), StandardCharsets.UTF_8);
    }

    /// The text of the first layer of this type; null when there is none.
    static @Nullable String text(BlobStore blobs, Manifest manifest, String type) {
        List<Layer> layers = manifest.layers(type);
        return layers.isEmpty() ? null : text(blobs, layers.getFirst());
    }

    static Map<String, Object> parameters(BlobStore blobs, Manifest manifest) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (Layer layer : manifest.layers(Layer.PARAMETERS)) {
            JsonObject values = JsonObject.of(json(blobs, layer), "the model's parameters");
            for (String key : values.keys()) {
                Object value = values.get(key);
                if (value != null) {
                    parameters.put(key, value);
                }
            }
        }
        return parameters;
    }

    static List<ModelMessage> messages(BlobStore blobs, Manifest manifest) {
        List<ModelMessage> messages = new ArrayList<>();
        for (Layer layer : manifest.layers(Layer.MESSAGES)) {
            if (!(json(blobs, layer) instanceof List<?> list)) {
                throw new Problem(Problem.Code.BAD_FILE, "the model's messages are not an array");
            }
            for (Object item : list) {
                JsonObject message = JsonObject.of(item, "the model's messages");
                messages.add(new ModelMessage(message.string("role"), message.string("content")));
            }
        }
        return messages;
    }

    static String write(List<ModelMessage> messages) {
        return Json.write(
                messages.stream()
                        .map(m -> Map.of("role", m.role(), "content", m.content()))
                        .toList());
    }

    static ModelDetails details(BlobStore blobs, Manifest manifest) {
        JsonObject config = JsonObject.of(json(blobs, manifest.config()), "the model's config");
        String family = config.string("model_family", "unknown");
        List<String> families = config.strings("model_families");
        return new ModelDetails(
                config.string("model_format", "gguf"),
                family,
                families.isEmpty() ? List.of(family) : families,
                config.string("model_type", "unknown"),
                config.string("file_type", "unknown"),
                config.string("parent_model", ""),
                config.integer("parameter_count", 0),
                config.integer("context_length", 0));
    }

    private static @Nullable Object json(BlobStore blobs, Layer layer) {
        try {
            return Json.parse(text(blobs, layer));
        } catch (JsonException e) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "part " + layer.digest() + " is not JSON: " + e.getMessage(),
                    null,
                    e);
        }
    }
}
