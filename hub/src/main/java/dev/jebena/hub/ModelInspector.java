package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.formats.FormatException;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.Quantization;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what a model says about itself: the header of a GGUF file, or a folder's `config.json`.
final class ModelInspector {
    /// Longer arrays (vocabularies, merges) are not metadata for people.
    private static final int LONGEST_ARRAY = 64;

    private ModelInspector() {}

    /// Header and details of a model file or folder. Throws BAD_FILE for one that cannot be read.
    record Inspected(ModelDetails details, ModelMetadata metadata) {}

    static Inspected inspect(Path path) {
        try {
            return Files.isDirectory(path) ? FolderInspector.inspect(path) : inspectFile(path);
        } catch (FormatException e) {
            throw new Problem(Problem.Code.BAD_FILE, String.valueOf(e.getMessage()), null, e);
        }
    }

    private static Inspected inspectFile(Path path) {
        try (Gguf file = Gguf.open(path)) {
            Map<String, Object> header = file.metadata();
            return new Inspected(details(header, file), metadata(header));
        }
    }

    private static ModelDetails details(Map<String, Object> header, Gguf file) {
        String family = text(header, "general.architecture", "unknown");
        long context = header.get(family + ".context_length") instanceof Long n ? n : 0;
        return details("gguf", family, file, context);
    }

    static ModelDetails details(String format, String family, TensorFile file, long context) {
        long count = 0;
        for (StoredTensor tensor : file.tensors().values()) {
            count += tensor.elements();
        }
        return new ModelDetails(
                format,
                family,
                List.of(family),
                ModelDetails.count(count),
                Quantization.of(file),
                "",
                count,
                context);
    }

    private static ModelMetadata metadata(Map<String, Object> header) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : header.entrySet()) {
            if (entry.getKey().equals("tokenizer.chat_template")) {
                continue;
            }
            Object value = plain(entry.getValue());
            if (value != null) {
                values.put(entry.getKey(), value);
            }
        }
        String template = text(header, "tokenizer.chat_template", "");
        return new ModelMetadata(
                values, template.isEmpty() ? null : template, capabilities(header, template));
    }

    /// The value as a JSON value; null for one that is left out.
    private static @Nullable Object plain(Object value) {
        return switch (value) {
            case List<?> list -> list.size() > LONGEST_ARRAY ? null : List.copyOf(list);
            case long[] array -> array.length > LONGEST_ARRAY ? null : boxed(array);
            case int[] array -> array.length > LONGEST_ARRAY ? null : boxed(array);
            case float[] array -> array.length > LONGEST_ARRAY ? null : boxed(array);
            default -> value;
        };
    }

    private static List<Object> boxed(Object array) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < java.lang.reflect.Array.getLength(array); i++) {
            Object element = java.lang.reflect.Array.get(array, i);
            list.add(element instanceof Float f ? (Object) f.doubleValue() : element);
        }
        return list;
    }

    static List<String> capabilities(Map<String, Object> header, String template) {
        String family = text(header, "general.architecture", "");
        if (family.endsWith("bert") || header.containsKey(family + ".pooling_type")) {
            return List.of("embedding");
        }
        List<String> capabilities = new ArrayList<>(List.of("completion"));
        if (template.contains("tools")) {
            capabilities.add("tools");
        }
        if (header.containsKey("tokenizer.ggml.fim_pre_token_id")
                || header.containsKey("tokenizer.ggml.prefix_token_id")) {
            capabilities.add("insert");
        }
        if (template.contains("enable_thinking") || template.contains("<think>")) {
            capabilities.add("thinking");
        }
        return capabilities;
    }

    private static String text(Map<String, Object> header, String key, String otherwise) {
        return header.get(key) instanceof String text ? text : otherwise;
    }
}
