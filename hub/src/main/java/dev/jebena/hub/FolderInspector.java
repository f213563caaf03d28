package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what a Hugging Face model folder says about itself.
final class FolderInspector {
    private static final int MAX_TEXT = 32 << 20;
    private static final long MAX_HEADER = 100L << 20;

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
        Weights weights = weights(folder);
        String quantization = weights.type == null ? "unknown" : weights.type;
        long context = config.integer("max_position_embeddings", 0);
        ModelDetails details =
                new ModelDetails(
                        "safetensors",
                        family,
                        List.of(family),
                        ModelDetails.count(weights.count),
                        quantization,
                        "",
                        weights.count,
                        context);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("general.architecture", family);
        values.put("general.parameter_count", weights.count);
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

    private static final class Weights {
        long count;
        @Nullable String type;
        long most;
    }

    private static Weights weights(Path folder) {
        Weights weights = new Weights();
        Map<String, Long> byType = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                JsonObject header = header(file);
                for (String name : header.keys()) {
                    if (!name.equals("__metadata__")) {
                        JsonObject tensor = header.object(name);
                        byType.merge(tensor.string("dtype"), elements(tensor), Long::sum);
                    }
                }
            }
        } catch (IOException e) {
            throw Problem.storage("cannot read " + folder, e);
        }
        byType.forEach((type, count) -> {
            weights.count += count;
            if (count > weights.most) {
                weights.most = count;
                weights.type = type;
            }
        });
        return weights;
    }

    private static long elements(JsonObject tensor) {
        if (!(tensor.get("shape") instanceof List<?> shape)) {
            throw tensor.problem("'shape' must be an array");
        }
        long elements = 1;
        for (Object dimension : shape) {
            if (!(dimension instanceof Long size) || size < 0) {
                throw tensor.problem("bad dimension " + dimension);
            }
            elements = Math.multiplyHigh(elements, size) == 0 ? elements * size : Long.MAX_VALUE;
        }
        return elements;
    }

    /// The JSON header of a safetensors file: eight bytes of length, then the text.
    private static JsonObject header(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            readFully(channel, prefix, file);
            long length = prefix.getLong(0);
            if (length < 2 || length > Math.min(MAX_HEADER, channel.size() - 8)) {
                throw new Problem(
                        Problem.Code.BAD_FILE,
                        "%s: the header length %d does not fit into the file's %d bytes"
                                .formatted(file, length, channel.size()));
            }
            ByteBuffer text = ByteBuffer.allocate((int) length);
            readFully(channel, text, file);
            return parse(new String(text.array(), StandardCharsets.UTF_8), file);
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer to, Path file)
            throws IOException {
        while (to.hasRemaining()) {
            if (channel.read(to) < 0) {
                throw new Problem(Problem.Code.BAD_FILE, file + " ends within its header");
            }
        }
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
