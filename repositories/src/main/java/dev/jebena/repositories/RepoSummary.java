package dev.jebena.repositories;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the files of `main` say about a repository: its card's metadata, a part of `config.json`,
/// and the tags by which it is found.
///
/// @param json `cardData`, `config`, `pipeline_tag`, `library_name`
record RepoSummary(Map<String, @Nullable Object> json, List<String> tags) {
    private static final int MOST_BYTES = 1 << 20;
    private static final int LONGEST_TAG = 200;
    private static final int MOST_TAGS = 1000;

    /// Endings of files that tell how weights are kept.
    private static final Map<String, String> FORMATS =
            Map.of(
                    ".safetensors", "safetensors",
                    ".gguf", "gguf",
                    ".onnx", "onnx",
                    ".tflite", "tflite",
                    "pytorch_model.bin", "pytorch",
                    "tf_model.h5", "tf",
                    "flax_model.msgpack", "jax");

    static RepoSummary of(RepoKind kind, Snapshot files) {
        CardBlock card = CardBlock.of(text(files.small("README.md", MOST_BYTES)));
        Map<String, @Nullable Object> config = config(files);
        Set<String> tags = new LinkedHashSet<>();
        List<String> names = files.files().stream().map(FileEntry::path).toList();
        if (kind == RepoKind.MODEL) {
            FORMATS.forEach((ending, format) -> {
                if (names.stream().anyMatch(n -> n.endsWith(ending))) {
                    tags.add(format);
                }
            });
            if (config.get("model_type") instanceof String type) {
                tags.add(type);
            }
        }
        addCard(tags, card);
        Map<String, @Nullable Object> json = HttpJson.object();
        json.put("cardData", card.data().isEmpty() ? null : card.data());
        json.put("config", config.isEmpty() ? null : config);
        json.put("library_name", card.text("library_name"));
        json.put("pipeline_tag", card.text("pipeline_tag"));
        json.put("sdk", card.text("sdk"));
        return new RepoSummary(
                json,
                tags.stream().filter(t -> t.length() <= LONGEST_TAG).limit(MOST_TAGS).toList());
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static void addCard(Set<String> tags, CardBlock card) {
        for (String single : List.of("library_name", "pipeline_tag", "sdk")) {
            tags.addAll(card.texts(single));
        }
        tags.addAll(card.texts("tags"));
        tags.addAll(card.texts("language"));
        for (String named : List.of("license", "base_model")) {
            card.texts(named).forEach(v -> tags.add(named + ":" + v));
        }
        card.texts("datasets").forEach(v -> tags.add("dataset:" + v));
        for (String plural : List.of("task_categories", "task_ids", "size_categories")) {
            card.texts(plural).forEach(v -> tags.add(plural + ":" + v));
        }
    }

    private static Map<String, @Nullable Object> config(Snapshot files) {
        byte[] bytes = files.small("config.json", MOST_BYTES);
        Map<String, @Nullable Object> kept = HttpJson.object();
        if (bytes == null) {
            return kept;
        }
        try {
            if (HttpJson.parse(bytes) instanceof Map<?, ?> config) {
                for (String key : List.of("architectures", "model_type", "quantization_config")) {
                    if (config.get(key) != null) {
                        kept.put(key, config.get(key));
                    }
                }
            }
        } catch (HttpException _) {
            // A config.json that is none says nothing.
        }
        return kept;
    }

    /// How it is kept in the database.
    String text() {
        Map<String, @Nullable Object> all = HttpJson.object();
        all.putAll(json);
        all.put("tags", tags);
        return HttpJson.text(all);
    }

    /// What [#text] wrote, `tags` included.
    static Map<String, @Nullable Object> parse(String text) {
        return HttpJson.objectOf(HttpJson.parse(text.getBytes(StandardCharsets.UTF_8)));
    }
}
